import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Benchmark } from '../main.js';
import { significant } from '../statistics.js';
import { MORE_AND_MORE_TENANTS, OPERATIONS, QUEUE_KINDS, type Operation, type QueueKind } from './deep-queue.js';
import type { CallTimes, Memory } from './pool-probe.js';
import { countSteps, type Steps } from './steps.js';
import { timeOperations } from './times.js';

const DEPTHS = [1_000, 10_000, 100_000, 1_000_000] as const;
const WEIGHED = [100_000, 1_000_000] as const;

interface DepthRow {
  readonly queue: string;
  readonly operation: Operation;
  readonly depth: number;
}

interface StepRow extends DepthRow, Steps {}

interface TimeRow extends DepthRow {
  /** Median time of one operation, nanoseconds. */
  readonly ns: number;
  /** That time over the one in the shallowest queue. */
  readonly overShallowest: number;
}

export interface MemoryRow extends Memory {
  readonly tasks: number;
  /** Bytes of a queued call beyond its caller's own promise. */
  readonly poolBytes: number;
}

export interface QueueResult {
  readonly node: string;
  readonly rounds: number;
  readonly steps: readonly StepRow[];
  readonly times: readonly TimeRow[];
  readonly calls: readonly CallTimes[];
  readonly memory: readonly MemoryRow[];
}

const run = promisify(execFile);
const probe = new URL('./pool-probe.js', import.meta.url).pathname;

/** What depth costs: the queues by themselves, calls into a deep queue of a real pool, and memory. */
export const queue: Benchmark = {
  about: 'depth of the queue: steps, time and memory',

  async run({ rounds }): Promise<QueueResult> {
    const steps = [...QUEUE_KINDS, MORE_AND_MORE_TENANTS].flatMap(stepsOf);
    const times = QUEUE_KINDS.flatMap((kind) => timesOf(kind, rounds));
    const calls = await ask<CallTimes[]>('calls', rounds, ...DEPTHS);
    const memory: MemoryRow[] = [];
    for (const tasks of WEIGHED) {
      const { bytesPerTask, callersBytes } = await ask<Memory>('memory', tasks);
      const poolBytes = Math.round(bytesPerTask - callersBytes);
      memory.push({ tasks, bytesPerTask: Math.round(bytesPerTask), callersBytes: Math.round(callersBytes), poolBytes });
    }
    return { node: process.version, rounds, steps, times, calls, memory };
  },

  print({ node, rounds, steps, times, calls, memory }: QueueResult): void {
    process.stdout.write(`Depth of the queue, Node ${node}, medians of ${rounds} interleaved rounds\n`);
    process.stdout.write('Steps of one operation, the most of 200 (mean), by depth\n');
    console.table(byDepth(steps, ({ most, mean }) => `${most} (${mean})`));
    process.stdout.write('Time of one operation, ns (times that of the shallowest), by depth\n');
    console.table(byDepth(times, ({ ns, overShallowest }) => `${ns} (${overShallowest}x)`));
    process.stdout.write('Calls into a paused pool\n');
    console.table(
      calls.map((row) => ({
        depth: row.depth,
        'run(), ns': row.queueNs,
        'run() with a signal, ns': row.queueWithSignalNs,
        'abort() of one, ns': row.cancelNs,
        'abort() alone, ns': row.bareAbortNs,
      })),
    );
    process.stdout.write(
      "Memory of a queued call, bytes; the pool's part is what it takes beyond the caller's promise\n",
    );
    console.table(
      memory.map((row) => ({
        queued: row.tasks,
        'in all': row.bytesPerTask,
        "caller's": row.callersBytes,
        "pool's": row.poolBytes,
      })),
    );
  },
};

function stepsOf(kind: QueueKind): StepRow[] {
  const counted = DEPTHS.map((depth) => ({ depth, steps: countSteps(kind, depth) }));
  return OPERATIONS.flatMap((operation) =>
    counted.map(({ depth, steps }) => ({
      queue: kind.name,
      operation,
      depth,
      most: steps[operation].most,
      mean: significant(steps[operation].mean),
    })),
  );
}

function timesOf(kind: QueueKind, rounds: number): TimeRow[] {
  const timed = timeOperations(kind, DEPTHS, rounds);
  return OPERATIONS.flatMap((operation) =>
    DEPTHS.map((depth, index) => {
      const ns = timed[index]![operation];
      const overShallowest = significant(ns / timed[0]![operation]);
      return { queue: kind.name, operation, depth, ns: significant(ns), overShallowest };
    }),
  );
}

/** A process of its own, so that one probe's heap is not another's. */
async function ask<T>(...args: readonly (string | number)[]): Promise<T> {
  const flags = ['--expose-gc', '--max-old-space-size=4096'];
  const { stdout } = await run(process.execPath, [...flags, probe, ...args.map(String)]);
  return JSON.parse(stdout) as T;
}

function byDepth<R extends DepthRow>(rows: readonly R[], cell: (row: R) => string): object[] {
  const lines = new Map<string, Record<string, string>>();
  for (const row of rows) {
    const key = `${row.queue}, ${row.operation}`;
    const line = lines.get(key) ?? { queue: row.queue, operation: row.operation };
    line[`at ${row.depth.toLocaleString('en')}`] = cell(row);
    lines.set(key, line);
  }
  return [...lines.values()];
}
