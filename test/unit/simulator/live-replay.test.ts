import { describe, expect, it } from 'vitest';
import { PoolAutoscaler } from '../../../lib/core/scaling/autoscaler.js';
import { poissonWorkload, step } from '../../../lib/simulator/load/index.js';
import { simulate } from '../../../lib/simulator/simulate.js';
import type { Workload } from '../../../lib/simulator/workload.js';
import { unstartedFakePool } from '../../support/fake-pool.js';

const SPAWN_MS = 150;
const SIZE = { min: 1, max: 16, initial: 1 };

/** The workload through a real pool and its real autoscaler, whose workers take as long as the workload says. */
async function live({ arrivals, services, durationMs }: Workload) {
  const { pool, engine, clock } = unstartedFakePool(
    { size: SIZE, idleExpiryMs: 10 * durationMs },
    { bootMs: SPAWN_MS },
  );
  const events = { decision() {}, flapping() {}, fault() {} };
  const resizes: { at: number; from: number; to: number }[] = [];
  let started = 0;
  pool.on('resized', ({ from, to }) => resizes.push({ at: clock.now(), from, to }));
  pool.on('started', ({ workerId }) => {
    const serviceMs = services[started++]!;
    const worker = engine.workers.find(({ id }) => id === workerId)!;
    clock.schedule(serviceMs, () => worker.end('done', true, worker.started, serviceMs));
  });
  // The simulation begins with its initial workers up.
  pool.start();
  await clock.advance(SPAWN_MS);
  const from = clock.now();
  const autoscaler = new PoolAutoscaler('fake', pool, pool.options.scaling!, { kit: {}, clock, events });
  autoscaler.start();
  const submitNext = (index: number) => {
    if (index >= arrivals.length) return;
    clock.schedule(from + arrivals[index]! - clock.now(), () => {
      void pool.run('work');
      submitNext(index + 1);
    });
  };
  submitNext(0);
  await clock.advance(durationMs);
  const snapshot = pool.snapshot();
  autoscaler.stop();
  return { resizes: resizes.map(({ at, ...rest }) => ({ at: at - from, ...rest })), snapshot };
}

describe('a replay of what a pool was sent', () => {
  it.each([1, 2])('gives the sizes that were seen live, within a tick (seed %i)', async (seed) => {
    const shape = step({ basePerSecond: 10, peakPerSecond: 120, beforeMs: 10_000, afterMs: 12_000 });
    const workload = poissonWorkload(shape, { seed, meanMs: 50, cv: 1 });
    const { resizes, snapshot } = await live(workload);
    const simulated = simulate(workload, { ...SIZE, spawnDelayMs: SPAWN_MS });
    expect(resizes.length).toBeGreaterThan(3);
    expect(simulated.resizes.map(({ from, to }) => [from, to])).toEqual(resizes.map(({ from, to }) => [from, to]));
    for (const [index, { at }] of resizes.entries()) {
      expect(Math.abs(at - simulated.resizes[index]!.at)).toBeLessThanOrEqual(250);
    }
    expect(simulated.started).toBe(snapshot.load.started);
    expect(simulated.late).toBe(snapshot.load.late);
  });
});
