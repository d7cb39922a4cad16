import { settledHeap } from '../heap.js';
import { timeWorks } from '../micro.js';
import { significant } from '../statistics.js';
import { sampledBytes } from './sampled-bytes.js';
import { TickedPool } from './ticked-pool.js';
import { VirtualTime } from './virtual-time.js';

/** So long a window that nothing leaves it while it is measured, milliseconds. */
const WINDOW_MS = 24 * 3_600_000;
/** Where the pool is to grow and to shrink: five seconds under load, in about eight minutes. */
const LOADED_TICKS = 20;
const CYCLE_TICKS = 2_000;

export interface TrafficCost {
  /** In the window of the pool's statistics. */
  readonly tasks: number;
  /** The least of the rounds: code that is yet to be compiled allocates more. */
  readonly bytesPerTick: number;
  /** Median, microseconds. */
  readonly usPerTick: number;
}

/** What a tick allocates and takes, with so many tasks recorded; pools take turns in each round of so many `ticks`. */
export async function costByTraffic(
  counts: readonly number[],
  rounds: number,
  ticks = 10_000,
): Promise<readonly TrafficCost[]> {
  using time = new VirtualTime();
  const pools = counts.map(() => new TickedPool(time, { windowMs: WINDOW_MS }));
  for (const [index, pool] of pools.entries()) await pool.record(counts[index]!);
  const works = Object.fromEntries(
    counts.map((tasks, index) => [tasks, (times: number) => pools[index]!.ticks(times)]),
  );
  const ns = timeWorks(works, rounds, ticks, () => time.realNow());
  const bytes = new Map<number, number[]>(counts.map((tasks) => [tasks, []]));
  for (let round = 0; round < rounds; round++) {
    for (const tasks of counts) bytes.get(tasks)!.push(await sampledBytes(works[tasks]!, ticks));
  }
  for (const pool of pools) await pool.close();
  return counts.map((tasks) => ({
    tasks,
    bytesPerTick: Math.round(Math.min(...bytes.get(tasks)!)),
    usPerTick: significant(ns[tasks]! / 1_000),
  }));
}

export interface HeapGrowth {
  readonly ticks: number;
  /** Kept at the end: 1,000 at most. */
  readonly decisions: number;
  readonly beforeBytes: number;
  readonly afterBytes: number;
}

/** The heap before and after so many ticks, in which the pool grows and shrinks again and again; `warmUp` ticks before. */
export async function heapGrowth(ticks: number, warmUp: number): Promise<HeapGrowth> {
  using time = new VirtualTime();
  const pool = new TickedPool(time);
  await growAndShrink(pool, warmUp);
  const beforeBytes = await settledHeap();
  await growAndShrink(pool, ticks);
  const afterBytes = await settledHeap();
  const { decisions } = pool;
  await pool.close();
  return { ticks, decisions, beforeBytes, afterBytes };
}

async function growAndShrink(pool: TickedPool, ticks: number): Promise<void> {
  for (let done = 0; done < ticks; done += CYCLE_TICKS) {
    for (let i = 0; i < LOADED_TICKS; i++) {
      await pool.load();
      pool.tickNow();
    }
    await pool.settle();
    pool.ticks(CYCLE_TICKS - LOADED_TICKS);
  }
}
