import { PRESET_NAMES, type Preset } from '../../lib/core/scaling/presets.js';
import { median, percentile } from '../figures.js';
import { significant } from '../statistics.js';
import { TickedPool } from './ticked-pool.js';
import { VirtualTime } from './virtual-time.js';

/** Ticks of each pool in a round. */
const TICKS = 400;
/** Rounds that are not counted: the code is compiled meanwhile, and the windows fill. */
const WARM_UP_ROUNDS = 5;

export interface TickTime {
  readonly preset: Preset;
  readonly pool: 'idle' | 'under load';
  /** Median time of a tick, microseconds: the median of the rounds. */
  readonly us: number;
  /** 99 of 100 ticks take no longer. */
  readonly p99Us: number;
}

/** Times ticks one by one, the pools in turns. */
export async function timeTicks(rounds: number): Promise<readonly TickTime[]> {
  using time = new VirtualTime();
  const timed = PRESET_NAMES.flatMap((preset) => [
    new TimedPool(preset, 'idle', time),
    new TimedPool(preset, 'under load', time),
  ]);
  for (const pool of timed) await pool.open();
  for (let round = 0; round < WARM_UP_ROUNDS + rounds; round++) {
    for (const pool of timed) await pool.round(round >= WARM_UP_ROUNDS);
  }
  for (const pool of timed) await pool.close();
  return timed.map((pool) => pool.result());
}

class TimedPool {
  readonly #pool: TickedPool;
  readonly #rounds: { readonly us: number; readonly p99Us: number }[] = [];

  constructor(
    readonly preset: Preset,
    readonly kind: TickTime['pool'],
    readonly time: VirtualTime,
  ) {
    this.#pool = new TickedPool(time, { preset });
  }

  /** An idle pool has had work once: its signals know something. */
  async open(): Promise<void> {
    for (let i = 0; i < TICKS; i++) {
      await this.#pool.load();
      this.#pool.tickNow();
    }
    await this.#pool.settle();
  }

  async round(counts: boolean): Promise<void> {
    const { time } = this;
    const took: number[] = [];
    for (let i = 0; i < TICKS; i++) {
      if (this.kind === 'idle') time.pass(250);
      else await this.#pool.load();
      const begun = time.realNow();
      this.#pool.tickNow();
      took.push((time.realNow() - begun) * 1_000);
    }
    if (counts) this.#rounds.push({ us: median(took), p99Us: percentile(took, 0.99) });
  }

  result(): TickTime {
    const of = (key: 'us' | 'p99Us') => significant(median(this.#rounds.map((round) => round[key])));
    return { preset: this.preset, pool: this.kind, us: of('us'), p99Us: of('p99Us') };
  }

  async close(): Promise<void> {
    if (this.#pool.faults > 0) throw new Error(`ticks of ${this.preset} failed`);
    await this.#pool.close();
  }
}
