import type { PoolReading, Signal } from '../contract.js';
import type { ProcessSampler } from '../process/process-sampler.js';
import { LazyWatch, SAMPLE_STALE_MS } from './process-signals.js';

/** Resident memory of a bare worker thread, MiB: 8.3 to 8.7 measured on Node 20. */
const BARE_WORKER_MB = 9;
/** What a thread takes beyond the heap in use, MiB: stack, code, young generation; 3.4 measured, with a margin. */
const BEYOND_HEAP_MB = 4;
/** Part of the limit that stays free: garbage is collected late, and the kernel kills without a warning. */
const RESERVE = 0.1;
const MIB = 2 ** 20;

/** `headroom`: workers that still fit. `at-max`: the part of the limit that is used once the pool is at its maximum. */
export type MemoryMeasure = 'headroom' | 'at-max';

export interface MemoryOptions {
  /** Memory of a worker, MiB. Set it for tasks with large Buffers, which are not part of the measured heap. */
  readonly workerMb?: number | undefined;
}

/**
 * Whether further workers fit into the memory limit of the cgroup; no value without a limit. A worker is taken to need
 * the mean heap in use of those measured and 4 MiB, 9 MiB at least; those that are starting are counted as yet to come.
 *
 *     headroom = (0.9 limit - used) / worker - starting              in workers; below 0 when over
 *     at-max   = (used + (max - live) worker) / limit                above 1: the maximum does not fit
 *
 * Row S5.
 */
export function memorySignal(measure: MemoryMeasure, sampler: ProcessSampler, options: MemoryOptions = {}): Signal {
  const memory = new LazyWatch(sampler, 'memory');
  let pool: { readonly workerBytes: number; readonly starting: number; readonly missing: number } | null = null;
  return {
    observe(reading) {
      const workerBytes = (options.workerMb ?? workerMb(reading)) * MIB;
      pool = { workerBytes, starting: reading.starting, missing: Math.max(0, reading.max - reading.live) };
    },
    read() {
      const sample = memory.read();
      if (sample === null || pool === null) return null;
      const { limit, used } = sample.value;
      const value =
        measure === 'headroom'
          ? ((1 - RESERVE) * limit - used) / pool.workerBytes - pool.starting
          : (used + pool.missing * pool.workerBytes) / limit;
      return { value, at: sample.at };
    },
    close: () => memory.close(),
    staleAfterMs: SAMPLE_STALE_MS,
  };
}

/** Memory of one more worker, MiB, by the heaps of those there are; 0 there means that it was not measured. */
function workerMb({ workers = [] }: PoolReading): number {
  const heaps = workers.map(({ heapMb }) => heapMb ?? 0).filter((heapMb) => heapMb > 0);
  if (heaps.length === 0) return BARE_WORKER_MB;
  return Math.max(BARE_WORKER_MB, heaps.reduce((sum, heapMb) => sum + heapMb, 0) / heaps.length + BEYOND_HEAP_MB);
}
