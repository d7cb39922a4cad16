import type { Decider } from '../../core/scaling/contract.js';
import { SlidingExtreme } from '../../core/scaling/guards/sliding-extreme.js';
import { wholeWorkers } from '../../core/scaling/whole-workers.js';
import { percent } from '../../core/scaling/wording.js';
import { rejectUnknownKeys, requireDuration } from '../../core/validate.js';
import { requirePositive, requireShare } from '../load/checks.js';
import { SlidingMean } from './sliding-mean.js';

/** Kubernetes' defaults, but for the target, which has none there. */
export interface HpaOptions {
  /** Busy workers as a share of live ones. Default 0.7. */
  readonly utilization?: number;
  /** How far utilization may be off, as a share of the target. Default 0.1. */
  readonly tolerance?: number;
  /** Time between two evaluations, over which utilization is averaged, milliseconds. Default 15,000. */
  readonly syncMs?: number;
  /** It shrinks no further than to the highest size wanted in this time, milliseconds. Default 300,000. */
  readonly stabilizationMs?: number;
}

/** Grows no faster in one evaluation than to twice the size, or by so many, whichever is more. */
const FASTEST = { factor: 2, workers: 4 } as const;

/**
 * The rule of Kubernetes' HorizontalPodAutoscaler, with a worker for a pod:
 * `desired = ceil(current * utilization / target)`, every 15 s, unless utilization is within 10 % of the target.
 * Source: Kubernetes documentation, "Horizontal Pod Autoscaling", sections "Algorithm details" and "Default behavior".
 */
export function hpa(options: HpaOptions = {}): Decider {
  rejectUnknownKeys('hpa', options, ['utilization', 'tolerance', 'syncMs', 'stabilizationMs']);
  const target = requirePositive('hpa.utilization', requireShare('hpa.utilization', options.utilization ?? 0.7));
  const tolerance = requireShare('hpa.tolerance', options.tolerance ?? 0.1);
  const syncMs = requireDuration({ option: 'hpa.syncMs' }, options.syncMs ?? 15_000);
  const stabilizationMs = requireDuration({ option: 'hpa.stabilizationMs' }, options.stabilizationMs ?? 300_000);
  const used = new SlidingMean(syncMs);
  const highest = new SlidingExtreme(stabilizationMs, 'highest');
  let syncedAt: number | null = null;
  return {
    decide({ now, snapshot: { target: size, live, busy } }) {
      used.add(live === 0 ? 0 : busy / live, now);
      syncedAt ??= now;
      if (now - syncedAt < syncMs) return { target: size, why: 'the next evaluation is not due' };
      syncedAt = now;
      const ratio = used.mean / target;
      const desired = Math.abs(ratio - 1) <= tolerance ? size : wholeWorkers(size * ratio);
      const fastest = Math.max(size * FASTEST.factor, size + FASTEST.workers);
      const floor = Math.min(size, highest.add(desired, now));
      return {
        target: Math.max(floor, Math.min(fastest, desired)),
        why: `${percent(used.mean)} of the workers were busy, and ${percent(target)} shall be`,
      };
    },
  };
}
