import type { DecisionInput, Guard } from '../contract.js';
import { SIGNALS } from '../well-known-signals.js';
import type { SpecReader } from '../spec-reader.js';
import { percent, told } from '../wording.js';
import { hold, isGrowth, pass } from './verdict.js';

/**
 * No growth while threads wait for cores: another thread would only lengthen each task. By the run-queue wait, where
 * Linux tells it, and by the throttling of the cgroup; what has no value, as on other systems, holds nothing. At least
 * one of the two signals must exist. S5.
 */
export interface CpuSaturationSpec {
  readonly type: 'cpu-saturation';
  /** Seconds per second, over all threads. Default 1: at any moment one thread is ready and has no core. */
  readonly runQueueAbove?: number;
  /** Share of the scheduling periods, 0 to 1. Default 0.1. */
  readonly throttlingAbove?: number;
  /** Default `runQueue`. */
  readonly runQueue?: string;
  /** Default `throttling`. */
  readonly throttling?: string;
}

export function cpuSaturation(read: SpecReader): Guard {
  read.only(['runQueueAbove', 'throttlingAbove', 'runQueue', 'throttling']);
  const waitAbove = read.number('runQueueAbove', { above: 0 }, 1);
  const throttlingAbove = read.number('throttlingAbove', { above: 0, below: 1 }, 0.1);
  const wait = optional(read, 'runQueue', SIGNALS.runQueue);
  const throttling = optional(read, 'throttling', SIGNALS.throttling);
  if (!read.knows(wait) && !read.knows(throttling)) read.signal('runQueue', wait);
  return {
    apply(proposal, input) {
      if (!isGrowth(proposal, input)) return pass(proposal);
      const [waited, throttled] = [value(input, wait), value(input, throttling)];
      if (waited > waitAbove) return hold(input, `run-queue wait ${told(waited)} s/s > ${told(waitAbove)} s/s`);
      if (throttled > throttlingAbove) {
        return hold(input, `throttling ${percent(throttled)} > ${percent(throttlingAbove)}`);
      }
      return pass(proposal);
    },
  };
}

/** A signal that need not exist under its default name, but must where it is named. */
function optional(read: SpecReader, key: string, fallback: string): string {
  return read.has(key) ? read.signal(key) : fallback;
}

function value({ signals }: DecisionInput, name: string): number {
  return signals[name] ?? -Infinity;
}
