import { systemClock, type Clock, type Timer } from '../../clock.js';
import { systemFiles, type FileReader } from '../../files.js';
import { usableCpu } from '../../usable-cores.js';
import { cpuProbe } from './cpu-probe.js';
import { mainLoopProbe } from './main-loop-probe.js';
import { memoryProbe } from './memory-probe.js';
import type { Probe, Sample, Samples } from './probe.js';
import { runQueueProbe } from './run-queue-probe.js';
import { throttlingProbe } from './throttling-probe.js';

/** Once a second: reading the run-queue wait of 19 threads takes 0.4 ms, which a tick of 250 ms should not pay. */
const PERIOD_MS = 1_000;

/** A user's hold on one of the samples; sampling it goes on while there is one. */
export interface Watch<T> {
  /** The last value; ages when a look fails. */
  read(): Sample<T> | null;
  close(): void;
}

export interface SamplerOptions {
  readonly clock?: Clock;
  readonly files?: FileReader;
  readonly probes?: Partial<{ readonly [K in keyof Samples]: () => Probe<Samples[K]> }>;
}

interface Entry {
  readonly probe: Probe<unknown>;
  users: number;
  sample: Sample<unknown> | null;
}

/**
 * Looks at the process once a second, outside the ticks of any autoscaler, at what is asked for and no more; any number
 * of pools share it. Its timer holds no process open.
 *
 * idle ─ first watch → sampling ─ last watch closed → idle
 */
export class ProcessSampler {
  readonly #clock: Clock;
  readonly #probes: { readonly [K in keyof Samples]: () => Probe<Samples[K]> };
  readonly #entries = new Map<keyof Samples, Entry>();
  #timer: Timer | null = null;

  constructor({ clock = systemClock, files = systemFiles, probes }: SamplerOptions = {}) {
    this.#clock = clock;
    this.#probes = {
      cpu: () => cpuProbe(),
      'usable-cores': () => () => usableCpu({ files }),
      throttling: () => throttlingProbe(files),
      'run-queue': () => runQueueProbe(files),
      'main-loop': () => mainLoopProbe(),
      memory: () => memoryProbe(files),
      ...probes,
    };
  }

  /** Whether a timer is set. */
  get isSampling(): boolean {
    return this.#timer !== null;
  }

  watch<K extends keyof Samples>(name: K): Watch<Samples[K]> {
    const entry = this.#entries.get(name) ?? { probe: this.#probes[name](), users: 0, sample: null };
    this.#entries.set(name, entry);
    entry.users++;
    this.#timer ??= this.#clock.schedule(0, this.#look);
    let isOpen = true;
    return {
      read: () => (isOpen ? (entry.sample as Sample<Samples[K]> | null) : null),
      close: () => {
        if (isOpen && --entry.users === 0) this.#forget(name);
        isOpen = false;
      },
    };
  }

  #forget(name: keyof Samples): void {
    this.#entries.delete(name);
    if (this.#entries.size > 0) return;
    this.#timer?.cancel();
    this.#timer = null;
  }

  readonly #look = (): void => {
    const now = this.#clock.now();
    for (const entry of this.#entries.values()) {
      try {
        const value = entry.probe(now);
        if (value !== null) entry.sample = { value, at: now };
      } catch {
        // What cannot be looked at keeps its last value, which goes stale.
      }
    }
    this.#timer = this.#clock.schedule(PERIOD_MS, this.#look);
  };
}

/** The one that all pools of this process share. */
export const sharedSampler = new ProcessSampler();
