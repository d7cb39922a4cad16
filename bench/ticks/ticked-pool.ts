import { setImmediate } from 'node:timers/promises';
import type { Preset } from '../../lib/core/scaling/presets.js';
import type { Ticker } from '../../lib/core/scaling/ticker.js';
import { createManagedPool } from '../../lib/engines/create-pool.js';
import type { VirtualTime } from './virtual-time.js';

/** Between two ticks, milliseconds: the default of all presets but one. */
const TICK_MS = 250;
/** The load: this many tasks of 50 ms, every 50 ms. 80 a second keep four slots busy. */
const ROUND_MS = 50;
const TASKS_PER_ROUND = 4;
/** Tasks at a time where many are recorded. */
const BATCH = 1_000;

export interface TickedPoolOptions {
  readonly preset?: Preset;
  /** Window of the pool's histograms, milliseconds. Default: the pool's. */
  readonly windowMs?: number;
}

/** A pool on the event loop, as applications have it, whose autoscaler ticks when it is told to. */
export class TickedPool {
  readonly #ticker = new HandTicker();
  /** Ends the tasks that run. */
  #ends: (() => void)[] = [];
  readonly #pool;

  constructor(
    readonly time: VirtualTime,
    { preset = 'adaptive', windowMs }: TickedPoolOptions = {},
  ) {
    const tasks = {
      noop: () => undefined,
      wait: () => new Promise<void>((resolve) => this.#ends.push(resolve)),
    };
    const stats = windowMs === undefined ? {} : { windowMs };
    this.#pool = createManagedPool(
      { name: 'ticked', kind: 'async', tasks, size: { max: 16 }, stats, scaling: { policy: preset } },
      { kit: {}, ticker: this.#ticker },
    );
  }

  /** One tick, a quarter of a second after the one before it. */
  tick(): void {
    this.time.pass(TICK_MS);
    this.#ticker.tick();
  }

  /** As many ticks; returns a figure that depends on them. */
  ticks(times: number): number {
    for (let i = 0; i < times; i++) this.tick();
    return this.#pool.autoscaler!.health().faults;
  }

  /** One tick, and nothing else: for one who lets the time pass. */
  tickNow(): void {
    this.#ticker.tick();
  }

  /** Lets a quarter of a second pass in which 20 tasks come, and as many end. */
  async load(): Promise<void> {
    for (let passed = 0; passed < TICK_MS; passed += ROUND_MS) {
      this.time.pass(ROUND_MS);
      const ends = this.#ends;
      this.#ends = [];
      for (const end of ends) end();
      for (let i = 0; i < TASKS_PER_ROUND; i++) void this.#pool.run('wait');
      await setImmediate();
    }
  }

  /** Lets what runs come to its end. */
  async settle(): Promise<void> {
    while (this.#pool.snapshot().busy > 0) {
      for (const end of this.#ends.splice(0)) end();
      await setImmediate();
    }
  }

  /** Runs so many tasks, spread over a minute. */
  async record(tasks: number): Promise<void> {
    for (let done = 0; done < tasks; done += BATCH) {
      this.time.pass((60_000 * BATCH) / tasks);
      await Promise.all(Array.from({ length: Math.min(BATCH, tasks - done) }, () => this.#pool.run('noop')));
    }
  }

  /** Decisions that the autoscaler keeps: up to 1,000. */
  get decisions(): number {
    return this.#pool.autoscaler!.decisions().length;
  }

  /** Faults that the autoscaler had: there must be none. */
  get faults(): number {
    return this.#pool.autoscaler!.health().faults;
  }

  async close(): Promise<void> {
    await this.settle();
    await this.#pool.close({ force: true });
  }
}

class HandTicker implements Ticker {
  tick: () => void = () => undefined;
  isRunning = false;

  start(_everyMs: number, tick: () => void): void {
    this.tick = tick;
    this.isRunning = true;
  }

  stop(): void {
    this.isRunning = false;
  }
}
