import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HistogramReading } from '../../../../lib/core/contract/histograms.js';
import type { LocalPool } from '../../../../lib/core/pool/local-pool.js';
import { CumulativeHistogram } from '../../../../lib/core/stats/cumulative-histogram.js';
import { PoolDirectory } from '../../../../lib/nest/pool-directory.js';
import { PoolService } from '../../../../lib/nest/pool.service.js';
import type { TaskReadings } from '../../../../lib/observe/metrics/pool-readings.js';
import { MOST_TASKS, TaskTallies } from '../../../../lib/observe/metrics/task-tallies.js';
import { WatchedPool } from '../../../../lib/observe/metrics/watched-pool.js';
import { Rehearsal } from '../../core/pool/properties/rehearsal.js';
import { scenarios } from '../../core/pool/properties/scenario.js';

const RUNS = 150;
const STEPS = 60;

describe('the counts of each task (O1)', () => {
  it('add up to those of the pool, whatever happens to it', async () => {
    let mostTasks = 0;
    await fc.assert(
      fc.asyncProperty(scenarios(STEPS), async (scenario) => {
        const rehearsal = new Rehearsal(scenario, (pool) => {
          const metrics = watch(pool);
          return () => {
            const { tasks } = metrics.read();
            expectSums(pool, tasks!);
            mostTasks = Math.max(mostTasks, tasks!.length);
          };
        });
        await rehearsal.play(scenario.steps);
        await rehearsal.close();
      }),
      { numRuns: RUNS },
    );
    expect(mostTasks).toBeGreaterThan(1);
  }, 120_000);

  it('are kept for a hundred tasks; the others share one', () => {
    const tallies = emptyTallies();
    for (let round = 0; round < 2; round++) {
      for (let task = 0; task < MOST_TASKS + 50; task++) tallies.of(`task ${task}`).submitted++;
    }
    const read = tallies.read();
    expect(read).toHaveLength(MOST_TASKS + 1);
    expect(read.find(({ labels }) => labels['task'] === 'other')!.counters.submitted).toBe(100);
    expect(read.find(({ labels }) => labels['task'] === 'task 99')!.counters.submitted).toBe(2);
  });

  it('of a task that is called other, and of names that UTF-8 cannot tell apart, go together', () => {
    const tallies = emptyTallies();
    for (const task of ['other', 'a\uD800', 'a\uDC01', 'a\uFFFD', '😀', '__proto__', '']) tallies.of(task).submitted++;
    expect(tallies.read().map(({ labels, counters }) => [labels['task'], counters.submitted])).toEqual([
      ['other', 1],
      ['a\uFFFD', 3],
      ['😀', 1],
      ['__proto__', 1],
      ['', 1],
    ]);
  });
});

function emptyTallies(): TaskTallies {
  const none = new CumulativeHistogram().read();
  const counters = { submitted: 0, completed: 0, failed: 0, cancelled: 0, dropped: 0 };
  return new TaskTallies('images', counters, { wait: none, service: none });
}

function watch(pool: LocalPool): WatchedPool {
  return new WatchedPool(new PoolService(new PoolDirectory(new Map([[pool.name, pool]]))), pool.name, true);
}

function expectSums(pool: LocalPool, tasks: readonly TaskReadings[]): void {
  const { counters } = pool.snapshot();
  for (const key of ['submitted', 'completed', 'failed', 'cancelled', 'dropped'] as const) {
    expect([key, total(tasks.map((task) => task.counters[key]))]).toEqual([key, counters[key]]);
  }
  const histograms = pool.histograms();
  for (const key of ['wait', 'service'] as const) {
    const parts = tasks.map((task) => task.histograms[key]);
    expect(parts.reduce(together, { counts: histograms[key].counts.map(() => 0), count: 0 })).toEqual({
      counts: histograms[key].counts,
      count: histograms[key].count,
    });
    expect(total(parts.map(({ sumMs }) => sumMs))).toBeCloseTo(histograms[key].sumMs, 3);
  }
}

type Counts = Pick<HistogramReading, 'counts' | 'count'>;

function together(one: Counts, other: Counts): Counts {
  return { counts: one.counts.map((count, place) => count + other.counts[place]!), count: one.count + other.count };
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
