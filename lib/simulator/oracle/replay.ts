import { requireWorkload, type Workload } from '../workload.js';
import { growthMs, type Plan } from './greedy-plan.js';
import { resolveOracle, type OracleOptions, type ResolvedOracle } from './oracle-options.js';

/** What sizes come to when they are carried out. */
export interface Replay extends Plan {
  /** Misses as a percentage of all tasks. */
  readonly missPct: number;
  /** Of each task, milliseconds; NaN where it never started. */
  readonly waits: Float64Array;
}

/**
 * Carries a plan out, task by task, in an exact queue: first come, first served, by as many servers as the plan has in
 * each window. It shares nothing with the search for a plan, so that the one checks the other.
 * @param sizes one for each window; the last holds to the end.
 * @throws PoolConfigError that names the option, the value and what is allowed.
 */
export function replay(workload: Workload, sizes: readonly number[], options: OracleOptions = {}): Replay {
  return replayed(requireWorkload(workload), sizes, resolveOracle(options));
}

export function replayed(workload: Workload, sizes: readonly number[], options: ResolvedOracle): Replay {
  const { arrivals, services, durationMs } = workload;
  const { windowMs, objectiveMs, initial } = options;
  const waits = new Float64Array(arrivals.length).fill(Number.NaN);
  /** When each server is free; in no order, and no more of them than the window has. */
  let servers = Array.from({ length: initial }, () => 0);
  let [window, size, task, misses, workerMs] = [-1, initial, 0, 0, 0];
  for (let begin = 0; begin < durationMs; begin += windowMs) {
    const end = Math.min(durationMs, begin + windowMs);
    const wanted = sizes[Math.min(++window, sizes.length - 1)]!;
    workerMs += growthMs(size, wanted, options) + wanted * (end - begin);
    size = wanted;
    servers.sort((a, b) => b - a);
    while (servers.length < size) servers.push(begin);
    // Servers that end first leave first; they cost until they do.
    const leaving = servers.slice(size);
    for (const freeAt of leaving) workerMs += Math.max(0, Math.min(freeAt, end) - begin);
    const staying = servers.slice(0, size).map((freeAt) => Math.max(freeAt, begin));
    for (; task < arrivals.length; task++) {
      const next = leastOf(staying);
      const start = Math.max(arrivals[task]!, staying[next]!);
      if (start >= end) break;
      waits[task] = start - arrivals[task]!;
      staying[next] = start + services[task]!;
    }
    servers = [...staying, ...leaving.filter((freeAt) => freeAt > end)];
  }
  arrivals.forEach((arrival, at) => {
    const waitMs = Number.isNaN(waits[at]!) ? durationMs - arrival : waits[at]!;
    if (waitMs > objectiveMs) misses++;
  });
  return { sizes, misses, workerMs, missPct: arrivals.length === 0 ? 0 : (100 * misses) / arrivals.length, waits };
}

function leastOf(values: readonly number[]): number {
  let least = 0;
  for (let index = 1; index < values.length; index++) if (values[index]! < values[least]!) least = index;
  return least;
}
