import { serialize } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { assembleRow, type Round } from '../../../bench/dispatch/result.js';
import { rows, type RowPlan } from '../../../bench/dispatch/rows.js';
import { makeOrder } from '../../../bench/dispatch/order.js';
import { runSlice } from '../../../bench/dispatch/slice.js';
import { workloads, type WorkloadName } from '../../../bench/dispatch/workloads.js';

const entrant = (name: string) => ({ name, contender: 'raw', workload: 'no-op, window 64' }) as const;
const plan = (figure: RowPlan['figure']): RowPlan => ({
  workload: 'planned',
  figure,
  ours: entrant('ours'),
  peers: [entrant('hare'), entrant('tortoise')],
  limit: entrant('raw'),
});
const round = (ours: number, hare: number, tortoise: number): Round => ({
  ours,
  peers: { hare, tortoise },
  limit: 1_000,
  p50us: ours / 10,
  p99us: ours,
});

describe('a row of the dispatch benchmark', () => {
  it('compares rates with the fastest peer, round by round', () => {
    const row = assembleRow(plan('rate'), [round(600, 300, 100), round(100, 100, 110), round(800, 200, 100)]);
    expect(row).toEqual({
      workload: 'planned',
      unit: 'tasks/s',
      ours: 600,
      peers: { hare: 200, tortoise: 100 },
      fastestPeer: 'hare',
      ratio: 2, // of 2, 1 and 4
      limit: 1_000,
      p50us: 60,
      p99us: 600,
    });
  });

  it('takes the least latency for the fastest, and more than 1 for better', () => {
    const row = assembleRow(plan('p50'), [round(10, 50, 30)]);
    expect(row).toMatchObject({ unit: 'us', ours: 10, fastestPeer: 'tortoise', ratio: 3 });
  });

  it('has a name of its own', () => {
    expect(new Set(rows.map(({ workload }) => workload)).size).toBe(rows.length);
  });
});

describe('a slice of load', () => {
  const honest = async (argument: unknown): Promise<unknown> => {
    if (argument instanceof ArrayBuffer) {
      const moved = structuredClone(argument, { transfer: [argument] });
      new Int32Array(moved)[0]! += 1;
      return moved;
    }
    return structuredClone(argument);
  };

  it.each(Object.keys(workloads) as WorkloadName[])('%s is satisfied by honest answers', async (name) => {
    const { rate, latencies } = await runSlice(honest, workloads[name], 1, true);
    expect(rate).toBeGreaterThan(0);
    expect(latencies.length).toBeGreaterThan(0);
  });

  it.each(['no-op, window 64', 'burst of 10k no-ops', '1 KiB object echo, window 16'] as const)(
    '%s notices a wrong answer',
    async (name) => {
      await expect(runSlice(async () => 0, workloads[name], 1)).rejects.toThrow(/sent .*, got/);
    },
  );

  it('notices a buffer that was copied instead of moved', async () => {
    const copy = async (buffer: ArrayBuffer) => buffer.slice(0);
    await expect(runSlice(copy, workloads['64 KiB transfer there and back, window 8'], 1)).rejects.toThrow(/copied/);
  });

  it('the 1 KiB object has 1 KiB', () => {
    expect(Math.abs(serialize(makeOrder()).length - 1_024)).toBeLessThan(32);
  });
});
