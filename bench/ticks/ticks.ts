import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Benchmark } from '../main.js';
import { significant } from '../statistics.js';
import type { CpuShare } from './cpu-probe.js';
import { costByTraffic, heapGrowth, type HeapGrowth, type TrafficCost } from './tick-memory.js';
import { timeTicks, type TickTime } from './tick-times.js';

const TRAFFIC = [1_000, 1_000_000];
const MANY_TICKS = 1_000_000;
/** Ticks before the heap is measured: the log of decisions is full by then. */
const HEAP_WARM_UP = 300_000;
const POOLS = 100;
const WARM_UP_MS = 10_000;
const MEASURED_MS = 20_000;
/** Percent of one core that a hundred pools may take. */
const GOAL_PCT = 1;

interface CpuResult extends CpuShare {
  /** Of as many pools that do not scale themselves. */
  readonly withoutScalingPct: number;
  readonly goalPct: number;
}

export interface TicksResult {
  readonly node: string;
  readonly rounds: number;
  readonly times?: readonly TickTime[];
  readonly traffic?: readonly TrafficCost[];
  readonly heap?: HeapGrowth;
  readonly cpu?: CpuResult;
}

const parts = {
  times: async (rounds: number) => timeTicks(rounds),
  traffic: async (rounds: number) => costByTraffic(TRAFFIC, rounds),
  heap: async () => heapGrowth(MANY_TICKS, HEAP_WARM_UP),
  cpu: async () => cpuOfManyPools(),
};

/** What a tick of an autoscaler costs (A2): time, memory, and the share of a core that many pools take. */
export const ticks: Benchmark = {
  about: 'what a tick of an autoscaler costs',

  async run({ rounds, only }): Promise<TicksResult> {
    const wanted = Object.entries(parts).filter(([name]) => name.includes(only));
    if (wanted.length === 0) throw new Error(`No part has '${only}' in its name: ${Object.keys(parts).join(', ')}.`);
    const result: Record<string, unknown> = { node: process.version, rounds };
    for (const [name, part] of wanted) result[name] = await part(rounds);
    return result as unknown as TicksResult;
  },

  print({ node, rounds, times, traffic, heap, cpu }: TicksResult): void {
    process.stdout.write(`What a tick costs, Node ${node}, medians of ${rounds} interleaved rounds\n`);
    if (times) console.table(times.map(({ preset, pool, us, p99Us }) => ({ preset, pool, us, 'p99, us': p99Us })));
    if (traffic)
      console.table(
        traffic.map((row) => ({ 'tasks in the window': row.tasks, us: row.usPerTick, bytes: row.bytesPerTick })),
      );
    if (heap) {
      const grown = ((heap.afterBytes - heap.beforeBytes) / 1_024).toFixed(1);
      process.stdout.write(`Heap after ${heap.ticks.toLocaleString('en')} ticks: ${grown} KiB more\n`);
    }
    if (cpu) {
      process.stdout.write(
        `${cpu.pools} pools with nothing to do: ${cpu.pct} % of one core (the goal is ${cpu.goalPct} %), ` +
          `${cpu.warmingUpPct} % in the first ten seconds, ${cpu.withoutScalingPct} % without scaling\n`,
      );
    }
  },
};

async function cpuOfManyPools(): Promise<CpuResult> {
  const scaled = await probe(true);
  const fixed = await probe(false);
  return {
    pools: scaled.pools,
    warmingUpPct: significant(scaled.warmingUpPct),
    pct: significant(scaled.pct),
    withoutScalingPct: significant(fixed.pct),
    goalPct: GOAL_PCT,
  };
}

/** In a process of its own, where nothing else takes time. */
async function probe(scales: boolean): Promise<CpuShare> {
  const file = fileURLToPath(new URL('./cpu-probe.js', import.meta.url));
  const args = [POOLS, scales ? 1 : 0, WARM_UP_MS, MEASURED_MS].map(String);
  const { stdout } = await promisify(execFile)(process.execPath, [file, ...args]);
  return JSON.parse(stdout) as CpuShare;
}
