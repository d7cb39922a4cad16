import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { median, round } from '../figures.js';
import type { Benchmark } from '../main.js';
import { about, kinds, type Kind } from './kinds.js';
import type { StartTime, StartTimes } from './probe.js';

interface StartupRow {
  readonly kind: Kind;
  /** Median time from the start of a thread until it can take a task, milliseconds. */
  readonly ms: number;
  /** Median, over the rounds, of the ratio to the raw Worker of the same round. */
  readonly overRaw: number;
  /** As `overRaw`, of the processor time that the whole process took; it depends less on what else the machine does. */
  readonly cpuOverRaw: number;
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
    const rows: StartupRow[] = [];
    for (const kind of kinds) {
      const ratio = (key: keyof StartTime) => median(times[kind].map((time, i) => time[key] / times.raw[i]![key]));
      rows.push({
        kind,
        ms: round(median(times[kind].map(({ ms }) => ms)), 2),
        overRaw: round(ratio('ms'), 2),
        cpuOverRaw: round(ratio('cpuMs'), 2),
        rssMb: round(await weigh(kind), 2),
      });
    }
    return { node: process.version, rounds, rows };
  },

  print({ node, rounds, rows }: StartupResult): void {
    process.stdout.write(`Start of one worker, Node ${node}, median of ${rounds} interleaved rounds\n`);
    console.table(
      rows.map((row) => ({
        kind: row.kind,
        ms: row.ms,
        'x raw Worker': row.overRaw,
        'x its CPU': row.cpuOverRaw,
        'RSS MiB': row.rssMb,
        'what it is': about[row.kind],
      })),
    );
  },
};

/** One process starts one worker of each kind in each round; the first round warms the caches and is thrown away. */
async function startTimes(rounds: number): Promise<StartTimes> {
  const { stdout } = await run(process.execPath, [probe, 'times', String(rounds)]);
  return JSON.parse(stdout) as StartTimes;
}

async function weigh(kind: Kind): Promise<number> {
  const weights: number[] = [];
  for (let i = 0; i < 3; i++) {
    const { stdout } = await run(process.execPath, ['--expose-gc', probe, 'weight', kind]);
    weights.push(JSON.parse(stdout) as number);
  }
  return median(weights);
}
