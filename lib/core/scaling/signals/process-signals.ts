import type { Signal } from '../contract.js';
import type { Sample, Samples } from '../process/probe.js';
import type { ProcessSampler, Watch } from '../process/process-sampler.js';

/** A process is looked at once a second; after five looks that failed the last value says nothing. */
export const SAMPLE_STALE_MS = 5_000;

/** What is sampled of the process; see `Samples` for the units. `cpu` is a part of the usable cores: 1 is all of them. */
export type ProcessMeasure = 'cpu' | 'usable-cores' | 'throttling' | 'run-queue' | 'main-loop';

/**
 * Something of the process, sampled once a second for all pools. Sampling starts with the first read. `cores` overrides
 * what the machine tells of usable cores. Row S5.
 */
export function processSignal(measure: ProcessMeasure, sampler: ProcessSampler, cores?: number): Signal {
  if (measure === 'cpu') return cpuSignal(sampler, cores);
  if (measure === 'usable-cores' && cores !== undefined) return { read: (now) => ({ value: cores, at: now }) };
  const watch = new LazyWatch(sampler, measure);
  return { read: () => watch.read(), close: () => watch.close(), staleAfterMs: SAMPLE_STALE_MS };
}

function cpuSignal(sampler: ProcessSampler, cores: number | undefined): Signal {
  const [cpu, usable] = [new LazyWatch(sampler, 'cpu'), processSignal('usable-cores', sampler, cores)];
  return {
    read(now) {
      const [used, share] = [cpu.read(), usable.read(now)];
      return used === null || share === null ? null : { value: used.value / share.value, at: used.at };
    },
    close() {
      cpu.close();
      usable.close?.();
    },
    staleAfterMs: SAMPLE_STALE_MS,
  };
}

/** A watch that begins with the first read, so that a signal that was built and is never used costs nothing. */
export class LazyWatch<K extends keyof Samples> {
  readonly #begin: () => Watch<Samples[K]>;
  #watch: Watch<Samples[K]> | null = null;
  #isClosed = false;

  constructor(sampler: ProcessSampler, name: K) {
    this.#begin = () => sampler.watch(name);
  }

  read(): Sample<Samples[K]> | null {
    if (this.#isClosed) return null;
    this.#watch ??= this.#begin();
    return this.#watch.read();
  }

  close(): void {
    this.#isClosed = true;
    this.#watch?.close();
    this.#watch = null;
  }
}
