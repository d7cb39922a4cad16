import type { Decider } from '../contract.js';
import { SIGNALS } from '../well-known-signals.js';
import type { SpecReader } from '../spec-reader.js';
import { stay, told, valueOf } from '../wording.js';
import { band } from './threshold.js';

/**
 * Grows while the 99th percentile of the wait is above `upMs`, shrinks while the mean is below `downMs`: the worst waits
 * say when there are too few workers, the usual ones when there are too many. D1; S1 T6.
 */
export interface WaitTimeSpec {
  readonly type: 'wait-time';
  /** Default: the policy's objective. */
  readonly upMs?: number;
  /** Default: a 25th of `upMs`, as the course's 20 ms are of its 500 ms. */
  readonly downMs?: number;
  /** Workers. Default 1. */
  readonly stepUp?: number;
  /** Workers. Default 1. */
  readonly stepDown?: number;
  /** Signal in milliseconds. Default `waitP99`. */
  readonly p99?: string;
  /** Signal in milliseconds. Default `waitMean`. */
  readonly mean?: string;
}

export function waitTime(read: SpecReader): Decider {
  read.only(['upMs', 'downMs', 'stepUp', 'stepDown', 'p99', 'mean']);
  const [p99, mean] = [read.signal('p99', SIGNALS.waitP99), read.signal('mean', SIGNALS.waitMean)];
  const upMs = read.number('upMs', { above: 0 }, read.objectiveMs);
  const { down: downMs } = band(read, 'upMs', 'downMs', { above: 0 }, { up: upMs, down: upMs / 25 });
  const [stepUp, stepDown] = [read.workers('stepUp', 1), read.workers('stepDown', 1)];
  return {
    needs: [p99, mean],
    decide(input) {
      const [worst, usual] = [valueOf(input, p99), valueOf(input, mean)];
      const size = input.snapshot.target;
      if (worst > upMs) {
        return {
          target: size + stepUp,
          why: `1 in 100 tasks waits ${told(worst)} ms or longer, above ${told(upMs)} ms`,
        };
      }
      if (usual < downMs) {
        return { target: size - stepDown, why: `tasks wait ${told(usual)} ms on average, below ${told(downMs)} ms` };
      }
      return stay(input, `tasks wait ${told(usual)} ms on average and 1 in 100 ${told(worst)} ms or longer`);
    },
  };
}
