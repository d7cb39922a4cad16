import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { median, round } from '../figures.js';
import type { Benchmark } from '../main.js';
import { kinds, type Kind } from './kinds.js';

interface StartupRow {
  readonly kind: Kind;
  /** Median time from the start of a thread until it can take a task, milliseconds. */
  readonly ms: number;
  /** Median, over the rounds, of the ratio to the raw Worker of the same round. */
  readonly overRaw: number;
  /** Resident memory that one more idle worker takes, mebibytes. */
  readonly rssMb: number;
}

export interface StartupResult {
  readonly node: string;
  readonly rounds: number;
  readonly rows: readonly StartupRow[];
}

const run = promisify(execFile);
const probe = new URL('./probe.js', import.meta.url).pathname;

/** How long a worker takes to start, and what it weighs, against a bare `new Worker()` in the same run. */
export const startup: Benchmark = {
  about: 'start of one worker, against a raw Worker',

  async run({ rounds }): Promise<StartupResult> {
    const times = await startTimes(rounds);
    const raw = times.raw;
    const rows: StartupRow[] = [];
    for (const kind of kinds) {
      const ms = median(times[kind]);
      const overRaw = median(times[kind].map((time, round) => time / raw[round]!));
      rows.push({ kind, ms: round(ms, 2), overRaw: round(overRaw, 2), rssMb: round(await weigh(kind), 2) });
    }
    return { node: process.version, rounds, rows };
  },

  print({ node, rounds, rows }: StartupResult): void {
    process.stdout.write(`Start of one worker, Node ${node}, median of ${rounds} interleaved rounds\n`);
    console.table(
      rows.map((row) => ({ kind: row.kind, ms: row.ms, 'x raw Worker': row.overRaw, 'RSS MiB': row.rssMb })),
    );
  },
};

/** One process starts one worker of each kind in each round; the first round warms the caches and is thrown away. */
async function startTimes(rounds: number): Promise<Record<Kind, number[]>> {
  const { stdout } = await run(process.execPath, [probe, 'times', String(rounds)]);
  return JSON.parse(stdout) as Record<Kind, number[]>;
}

async function weigh(kind: Kind): Promise<number> {
  const weights: number[] = [];
  for (let i = 0; i < 3; i++) {
    const { stdout } = await run(process.execPath, ['--expose-gc', probe, 'weight', kind]);
    weights.push(JSON.parse(stdout) as number);
  }
  return median(weights);
}
