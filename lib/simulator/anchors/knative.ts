import type { Decider } from '../../core/scaling/contract.js';
import { told } from '../../core/scaling/wording.js';
import { rejectUnknownKeys, requireDuration } from '../../core/validate.js';
import { requirePositive } from '../load/checks.js';
import { SlidingMean } from './sliding-mean.js';

/** The defaults are Knative's, for containers that take one request at a time, as a worker does. */
export interface KnativeOptions {
  /** Tasks that run or wait, to each worker. Default 0.7: 70 % of one. */
  readonly targetConcurrency?: number;
  /** Milliseconds. Default 60,000. */
  readonly stableMs?: number;
  /** Milliseconds. Default 6,000, 10 % of the stable window. */
  readonly panicMs?: number;
  /** It panics where so many times the live workers are wanted. Default 2. */
  readonly panicThreshold?: number;
  /** Shrinks to no less than this fraction of the live workers at a time. Default 2, a half. */
  readonly maxScaleDownRate?: number;
  /** Grows to no more than so many times the live workers at a time. Default 1,000. */
  readonly maxScaleUpRate?: number;
  /** Time between two evaluations, milliseconds. Default 2,000. */
  readonly tickMs?: number;
}

const KEYS = [
  'targetConcurrency',
  'stableMs',
  'panicMs',
  'panicThreshold',
  'maxScaleDownRate',
  'maxScaleUpRate',
  'tickMs',
];

/**
 * Knative's pod autoscaler, with a worker for a pod: as many as keep the mean concurrency of the last minute at the
 * target. Where that of the last six seconds calls for twice the workers there are it panics: for a minute after the last
 * such moment it follows the short window, and does not shrink.
 * Source: knative/serving, `pkg/autoscaler/scaling/autoscaler.go` and `pkg/autoscaler/config/config.go`. Left out: scale to
 * zero, and the activator's burst capacity.
 */
export function knative(options: KnativeOptions = {}): Decider {
  rejectUnknownKeys('knative', options, KEYS);
  const number = (option: keyof KnativeOptions, fallback: number) =>
    requirePositive(`knative.${option}`, options[option] ?? fallback);
  const duration = (option: keyof KnativeOptions, fallback: number) =>
    requireDuration({ option: `knative.${option}` }, options[option] ?? fallback);
  const target = number('targetConcurrency', 0.7);
  const stableMs = duration('stableMs', 60_000);
  const [stable, panic] = [new SlidingMean(stableMs), new SlidingMean(duration('panicMs', 6_000))];
  const panicThreshold = number('panicThreshold', 2);
  const [downRate, upRate] = [number('maxScaleDownRate', 2), number('maxScaleUpRate', 1_000)];
  const tickMs = duration('tickMs', 2_000);
  let tickedAt: number | null = null;
  let panickedAt: number | null = null;
  let most = 0;

  return {
    decide({ now, snapshot: { target: size, live, busy, queueDepth } }) {
      const concurrency = busy + queueDepth;
      stable.add(concurrency, now);
      panic.add(concurrency, now);
      if (tickedAt === null && live > 1) {
        // It begins in panic, since it has no history by which to shrink.
        panickedAt = now;
        most = live;
      }
      tickedAt ??= now;
      if (now - tickedAt < tickMs) return { target: size, why: 'the next evaluation is not due' };
      tickedAt = now;

      const ready = Math.max(1, live);
      const within = (wanted: number) =>
        Math.min(Math.max(wanted, Math.floor(ready / downRate)), Math.ceil(upRate * ready));
      const [wantedStable, wantedPanic] = [Math.ceil(stable.mean / target), Math.ceil(panic.mean / target)];
      if (wantedPanic / ready >= panicThreshold) panickedAt = now;
      else if (panickedAt !== null && now - panickedAt > stableMs) [panickedAt, most] = [null, 0];
      if (panickedAt === null) {
        return { target: within(wantedStable), why: `${told(stable.mean)} tasks at a time in the stable window` };
      }
      most = Math.max(most, within(wantedStable), within(wantedPanic));
      return { target: most, why: `panic: ${told(panic.mean)} tasks at a time in the panic window` };
    },
  };
}
