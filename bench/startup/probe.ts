import { kinds, starterOf, type Kind } from './kinds.js';

export interface StartTime {
  /** Until the worker could take a task. */
  readonly ms: number;
  /** Processor time of all threads of the process in that time: says more where the machine is shared. */
  readonly cpuMs: number;
}

export type StartTimes = Record<Kind, StartTime[]>;

/** Workers over which the weight of one is averaged. */
const WEIGHED = 8;
const MIB = 1_048_576;

const [what, argument = ''] = process.argv.slice(2);
const result = what === 'times' ? await times(Number(argument)) : await weight(argument as Kind);
process.stdout.write(JSON.stringify(result));

async function times(rounds: number): Promise<StartTimes> {
  const result = Object.fromEntries(kinds.map((kind) => [kind, [] as StartTime[]])) as Record<Kind, StartTime[]>;
  const starters = await Promise.all(kinds.map(async (kind) => [kind, await starterOf(kind)] as const));
  for (let round = -1; round < rounds; round++) {
    for (const [kind, starter] of starters) {
      const before = process.cpuUsage();
      const ms = await starter.start();
      const { user, system } = process.cpuUsage(before);
      await starter.shrink();
      if (round >= 0) result[kind].push({ ms, cpuMs: (user + system) / 1_000 });
    }
  }
  for (const [, starter] of starters) await starter.close();
  return result;
}

async function weight(kind: Kind): Promise<number> {
  const starter = await starterOf(kind);
  await starter.start();
  const before = resident();
  for (let i = 0; i < WEIGHED; i++) await starter.start();
  const each = (resident() - before) / WEIGHED / MIB;
  await starter.close();
  return each;
}

function resident(): number {
  globalThis.gc?.();
  return process.memoryUsage.rss();
}
