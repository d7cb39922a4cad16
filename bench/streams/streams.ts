import { createPool } from '../../lib/entries/core.js';
import { median, round } from '../figures.js';
import { settledHeap } from '../heap.js';
import type { Benchmark } from '../main.js';
import { contenders } from './contenders.js';
import type { Kind } from './tasks.js';

const ITEMS = 100_000;
const LONG_ITEMS = 1_000_000;
const LOOKS = 10;
const MB = 1_024 * 1_024;

export interface StreamsRow {
  readonly items: Kind;
  readonly contender: string;
  readonly itemsPerSecond: number;
  /** Most that the process held beyond what it began with, MB. */
  readonly peakMb: number;
}

export interface StreamsResult {
  readonly node: string;
  readonly rows: readonly StreamsRow[];
  /** Heap of the reading thread during a stream of a million items, each time after a garbage collection, KB beyond the first look. */
  readonly longHeapKb: readonly number[];
  readonly longItemsPerSecond: number;
  /** Items that the worker had begun to make beyond those read, when the reader left in the middle. */
  readonly ahead: number;
}

/** Items per second of a stream from one worker; whether memory stays flat; how soon the worker stops. */
export const streams: Benchmark = {
  about: 'items per second of a stream from one thread, its memory, and how far the worker is ahead',

  async run({ rounds, only }): Promise<StreamsResult> {
    const rows: StreamsRow[] = [];
    for (const kind of ['numbers', 'texts', 'objects'] as const) {
      for (const [contender, make] of Object.entries(contenders)) {
        if (!`${kind} ${contender}`.includes(only)) continue;
        const { run, close } = await make();
        await run(kind, ITEMS / 10, () => undefined);
        const rates: number[] = [];
        const peaks: number[] = [];
        for (let i = 0; i < rounds; i++) {
          const before = process.memoryUsage().rss;
          let peak = before;
          const begun = performance.now();
          await run(kind, ITEMS, (at) => {
            if (at % 5_000 === 0) peak = Math.max(peak, process.memoryUsage().rss);
          });
          rates.push((1_000 * ITEMS) / (performance.now() - begun));
          peaks.push((peak - before) / MB);
        }
        await close();
        rows.push({
          items: kind,
          contender,
          itemsPerSecond: Math.round(median(rates)),
          peakMb: round(Math.max(...peaks), 1),
        });
      }
    }
    return { node: process.version, rows, ...(await long()) };
  },

  print({ node, rows, longHeapKb, longItemsPerSecond, ahead }: StreamsResult): void {
    process.stdout.write(`Streams of ${ITEMS} items from one thread, Node ${node}\n`);
    console.table(rows);
    process.stdout.write(
      `${LONG_ITEMS} numbers: ${longItemsPerSecond}/s; heap after each tenth, KB beyond the first: ${longHeapKb.join(' ')}\n` +
        `left in the middle: the worker was ${ahead} items ahead\n`,
    );
  },
};

/** The long stream: read to its end, and another one that is left. */
async function long(): Promise<Pick<StreamsResult, 'longHeapKb' | 'longItemsPerSecond' | 'ahead'>> {
  const tasks = new URL('./tasks.js', import.meta.url);
  await using pool = createPool({ name: 'long', tasks, scaling: false });
  await pool.ready();
  const looks: number[] = [];
  let [read, paused] = [0, 0];
  const begun = performance.now();
  for await (const item of pool.stream('yielded', ['numbers', LONG_ITEMS])) {
    if (item !== read++) throw new Error(`item ${read} is ${String(item)}`);
    if (read % (LONG_ITEMS / LOOKS) > 0) continue;
    const stopped = performance.now();
    looks.push(await settledHeap());
    paused += performance.now() - stopped;
  }
  const ms = performance.now() - begun - paused;
  const asked = new SharedArrayBuffer(4);
  read = 0;
  for await (const item of pool.stream('counted', [LONG_ITEMS, asked])) {
    if (item !== read++) throw new Error(`item ${read} is ${String(item)}`);
    if (read === LONG_ITEMS / 4) break;
  }
  // Queued behind the stream, so that it has ended by then.
  for await (const item of pool.stream('yielded', ['numbers', 1])) if (item !== 0) throw new Error('not an item');
  return {
    longHeapKb: looks.map((look) => Math.round((look - looks[0]!) / 1_024)),
    longItemsPerSecond: Math.round((1_000 * LONG_ITEMS) / ms),
    ahead: new Int32Array(asked)[0]! - read,
  };
}
