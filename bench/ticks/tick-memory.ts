import { allocatedBytes, settledHeap } from '../heap.js';
import { timeWorks } from '../micro.js';
import { median, significant } from '../statistics.js';
import { TickedPool } from './ticked-pool.js';
import { VirtualTime } from './virtual-time.js';

/** So long a window that nothing leaves it while it is measured, milliseconds. */
const WINDOW_MS = 24 * 3_600_000;
/** Few enough that the garbage collector does not run meanwhile. */
const TICKS = 500;
/** In a round. */
const TIMED_TICKS = 10_000;

export interface TrafficCost {
  /** In the window of the pool's statistics. */
  readonly tasks: number;
  readonly bytesPerTick: number;
  /** Median, microseconds. */
  readonly usPerTick: number;
}

/** What a tick allocates and takes, with so many tasks recorded; pools take turns in each round. */
export async function costByTraffic(counts: readonly number[], rounds: number): Promise<readonly TrafficCost[]> {
  using time = new VirtualTime();
  const pools = counts.map(() => new TickedPool(time, { windowMs: WINDOW_MS }));
  for (const [index, pool] of pools.entries()) await pool.record(counts[index]!);
  const works = Object.fromEntries(
    counts.map((tasks, index) => [tasks, (times: number) => pools[index]!.ticks(times)]),
  );
  // First: garbage collection, which is forced below, makes the code start over.
  const ns = timeWorks(works, rounds, TIMED_TICKS, () => time.realNow());
  const bytes = new Map<number, number[]>(counts.map((tasks) => [tasks, []]));
  for (let round = 0; round < rounds; round++) {
    for (const tasks of counts) bytes.get(tasks)!.push(await allocatedBytes(works[tasks]!, TICKS));
  }
  for (const pool of pools) await pool.close();
  return counts.map((tasks) => ({
    tasks,
    bytesPerTick: Math.round(median(bytes.get(tasks)!)),
    usPerTick: significant(ns[tasks]! / 1_000),
  }));
}

export interface HeapGrowth {
  readonly ticks: number;
  readonly beforeBytes: number;
  readonly afterBytes: number;
}

/** The heap before and after so many ticks, of which one in a thousand comes after tasks. */
export async function heapGrowth(ticks: number): Promise<HeapGrowth> {
  using time = new VirtualTime();
  const pool = new TickedPool(time);
  await tickAndLoad(pool, ticks / 10);
  const beforeBytes = await settledHeap();
  await tickAndLoad(pool, ticks);
  const afterBytes = await settledHeap();
  await pool.close();
  return { ticks, beforeBytes, afterBytes };
}

async function tickAndLoad(pool: TickedPool, ticks: number): Promise<void> {
  for (let done = 0; done < ticks; done += 1_000) {
    await pool.load();
    await pool.settle();
    pool.ticks(1_000);
  }
}
