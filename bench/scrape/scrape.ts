import type { Benchmark } from '../main.js';
import { median, significant } from '../statistics.js';
import { ScrapedApp } from './scraped-app.js';

const POOLS = 100;
const KINDS = [
  { taskLabel: false, tasks: 0 },
  { taskLabel: false, tasks: 10_000 },
  { taskLabel: false, tasks: 1_000_000 },
  { taskLabel: true, tasks: 10_000 },
  { taskLabel: true, tasks: 100_000 },
];
const SCRAPES_PER_ROUND = 5;

export interface ScrapeResult {
  readonly node: string;
  readonly rounds: number;
  readonly pools: number;
  readonly rows: readonly {
    /** Tasks that all pools together had done. */
    readonly tasks: number;
    readonly taskLabel: boolean;
    readonly msPerScrape: number;
    readonly series: number;
    readonly kib: number;
  }[];
}

/** What a scrape of many pools costs the application, and that it does not grow with what they have done (O1). */
export const scrape: Benchmark = {
  about: 'what a scrape of the metrics of a hundred pools costs',

  async run({ rounds }): Promise<ScrapeResult> {
    const subjects = [];
    for (const { taskLabel, tasks } of KINDS) {
      subjects.push({ taskLabel, tasks, app: await ScrapedApp.open(POOLS, tasks, taskLabel), times: [] as number[] });
    }
    for (let round = -1; round < rounds; round++) {
      for (const { app, tasks, times } of subjects) {
        // Pools that had something to do of late have quantiles to compute.
        if (tasks > 0) await app.run(1);
        const begun = performance.now();
        for (let i = 0; i < SCRAPES_PER_ROUND; i++) await app.scrape();
        if (round >= 0) times.push((performance.now() - begun) / SCRAPES_PER_ROUND);
      }
    }
    const rows = [];
    for (const { app, tasks, taskLabel, times } of subjects) {
      const text = await app.scrape();
      const series = text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
      const kib = Math.round(Buffer.byteLength(text) / 1_024);
      rows.push({ tasks, taskLabel, msPerScrape: significant(median(times)), series, kib });
      await app.close();
    }
    return { node: process.version, rounds, pools: POOLS, rows };
  },

  print({ node, rounds, pools, rows }: ScrapeResult): void {
    process.stdout.write(
      `A scrape of ${pools} pools on the event loop, Node ${node}, medians of ${rounds} interleaved rounds\n`,
    );
    console.table(
      rows.map(({ tasks, taskLabel, msPerScrape, series, kib }) => ({
        'tasks done': tasks.toLocaleString('en'),
        taskLabel,
        'ms a scrape': msPerScrape,
        series,
        KiB: kib,
      })),
    );
    process.stdout.write(
      'Threads cost a scrape one series each (event-loop delay), whatever they do. Pools that have done nothing have no quantiles to compute.\n',
    );
  },
};
