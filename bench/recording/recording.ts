import type { Benchmark } from '../main.js';
import { timeWorks } from '../micro.js';
import { openNoopPool, timeNoops } from '../noop-pool.js';
import { median, significant } from '../statistics.js';
import { recordingWorks } from './works.js';

const TIMES = 1_000_000;
const THREADS = 2;
const WINDOW = 64;
const CALLS_PER_ROUND = 20_000;

export interface RecordingResult {
  readonly node: string;
  readonly rounds: number;
  readonly noop: { readonly threads: number; readonly window: number; readonly nsPerTask: number };
  readonly rows: readonly {
    readonly what: string;
    /** Nanoseconds for each task, beyond the loop around it. */
    readonly ns: number;
    /** Share of what a task costs that does nothing, in percent. */
    readonly pctOfNoop: number;
  }[];
}

/** What recording costs each task, and its share of the cheapest task there is, in the same run. */
export const recording: Benchmark = {
  about: 'what counters, histograms and meters cost each task',

  async run({ rounds }): Promise<RecordingResult> {
    const nsPerTask = await noopCost(rounds);
    const { nothing, ...times } = timeWorks(recordingWorks, rounds, TIMES);
    const rows = Object.entries(times).map(([what, time]) => {
      const ns = Math.max(0, time - nothing);
      return { what, ns: significant(ns), pctOfNoop: significant((100 * ns) / nsPerTask) };
    });
    const noop = { threads: THREADS, window: WINDOW, nsPerTask: Math.round(nsPerTask) };
    return { node: process.version, rounds, noop, rows };
  },

  print({ node, rounds, noop, rows }: RecordingResult): void {
    process.stdout.write(`What recording costs each task, Node ${node}, medians of ${rounds} interleaved rounds\n`);
    process.stdout.write(`A no-op: ${noop.nsPerTask} ns (window ${noop.window}, ${noop.threads} threads)\n`);
    console.table(rows.map((row) => ({ what: row.what, ns: row.ns, '% of a no-op': row.pctOfNoop })));
  },
};

async function noopCost(rounds: number): Promise<number> {
  const pool = await openNoopPool(THREADS);
  const costs: number[] = [];
  for (let round = -1; round < rounds; round++) {
    const ns = await timeNoops(pool, CALLS_PER_ROUND, WINDOW);
    if (round >= 0) costs.push(ns);
  }
  await pool.close();
  return median(costs);
}
