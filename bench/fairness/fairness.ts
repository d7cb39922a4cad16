import { median } from '../figures.js';
import type { Benchmark } from '../main.js';
import { contenders } from './contenders.js';
import { strandedBySurprise } from './surprise.js';

export interface FairnessRow {
  readonly pool: string;
  /** Short tasks that waited for more than 100 ms because of the surprise: the median, and each round. */
  readonly stranded: number;
  readonly rounds: readonly number[];
}

export interface FairnessResult {
  readonly node: string;
  readonly threads: number;
  readonly rows: readonly FairnessRow[];
}

/** Whether one long call among short ones of the same name holds the others up, here and in other pools. */
export const fairness: Benchmark = {
  about: 'short tasks that one surprise of 200 ms strands, against other thread pools',

  async run({ rounds, threads }): Promise<FairnessResult> {
    const names = Object.keys(contenders);
    const stranded = new Map<string, number[]>(names.map((name) => [name, []]));
    for (let round = 0; round < rounds; round++) {
      for (const name of names) stranded.get(name)!.push(await play(name, threads));
    }
    const rows = names.map((pool) => ({ pool, stranded: median(stranded.get(pool)!), rounds: stranded.get(pool)! }));
    return { node: process.version, threads, rows };
  },

  print({ node, threads, rows }: FairnessResult): void {
    process.stdout.write(
      `Fairness, Node ${node}, ${threads} threads: of 63 short tasks under way with one of 200 ms, ` +
        'those that took longer than 100 ms\n',
    );
    console.table(rows.map(({ pool, stranded, rounds }) => ({ pool, median: stranded, rounds: rounds.join(' ') })));
  },
};

/** A new pool each time: what it learned of its tasks must not be what the surprise of the last round taught it. */
async function play(name: string, threads: number): Promise<number> {
  const contender = await contenders[name]!(threads);
  const stranded = await strandedBySurprise(contender.spin);
  await contender.close();
  return stranded;
}
