import type { Workload } from '../workload.js';
import type { ResolvedOracle } from './oracle-options.js';
import { ServerEnds } from './server-ends.js';

/** The queue at the beginning of a window. All that follows depends on this, and on the sizes from here on. */
export interface QueueState {
  /** Tasks before this one have started. */
  readonly head: number;
  /** When each running task ends, ascending; idle workers are not in it. */
  readonly ends: Float64Array;
}

/** What a size makes of a window. */
export interface WindowOutcome {
  /** Tasks that are late whatever comes next. */
  readonly misses: number;
  /** Worker-time of those that had a task to end when the pool shrank, milliseconds. */
  readonly drainMs: number;
  readonly next: QueueState;
}

/**
 * One window of a queue with c servers, first come first served, from the state that the window before has left (J. Kiefer
 * and J. Wolfowitz, "On the theory of queues with many servers", 1955): a task starts when it is there and the soonest
 * server is free. Of more running tasks than servers those that end first take their servers with them.
 */
export class WindowQueue {
  readonly #servers: ServerEnds;

  constructor(
    readonly workload: Workload,
    readonly options: ResolvedOracle,
  ) {
    this.#servers = new ServerEnds(options.max);
  }

  /** Number of windows; the last may be shorter. */
  get windows(): number {
    return Math.ceil(this.workload.durationMs / this.options.windowMs);
  }

  beginOf(window: number): number {
    return window * this.options.windowMs;
  }

  endOf(window: number): number {
    return Math.min(this.workload.durationMs, (window + 1) * this.options.windowMs);
  }

  run(window: number, { head, ends }: QueueState, size: number): WindowOutcome {
    const [begin, end] = [this.beginOf(window), this.endOf(window)];
    const { arrivals, services } = this.workload;
    const leaving = ends.subarray(0, Math.max(0, ends.length - size));
    const [servers, lateBefore] = [this.#servers, begin - this.options.objectiveMs];
    servers.fill(ends.subarray(leaving.length), size, begin);
    let misses = 0;
    let task = head;
    for (; task < arrivals.length; task++) {
      const arrival = arrivals[task]!;
      const start = Math.max(arrival, servers.soonest);
      if (start >= end) break;
      // What was late when the window began has been counted by then.
      if (start - arrival > this.options.objectiveMs && arrival >= lateBefore) misses++;
      servers.occupy(start + services[task]!);
    }
    // What waits at the end may still be in time if the next window brings workers, unless it is late already.
    misses += Math.max(0, this.#lateAt(end) - Math.max(task, this.#lateAt(begin)));
    const drainMs = leaving.reduce((sum, freeAt) => sum + Math.min(freeAt, end) - begin, 0);
    return { misses, drainMs, next: { head: task, ends: endsAfter(end, leaving, servers) } };
  }

  /** How many tasks came so long before that they are late if they have not started. */
  #lateAt(now: number): number {
    const { arrivals } = this.workload;
    const before = now - this.options.objectiveMs;
    let [low, high] = [0, arrivals.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (arrivals[middle]! < before) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** A task that outlasts the window in which its worker was to leave: then all others do too, and none of them has ended. */
function endsAfter(now: number, leaving: Float64Array, servers: ServerEnds): Float64Array {
  const staying = servers.after(now);
  const still = leaving.filter((end) => end > now);
  return still.length === 0 ? staying : Float64Array.of(...still, ...staying);
}
