import { expect, test } from 'vitest';
import { HealthWatch, KEPT_CRASHES } from '../../../../lib/core/health/health-watch.js';
import type { PoolEventMap } from '../../../../lib/index.js';
import { watchedPool } from '../../../support/watched-pool.js';

test('knows for how long the target has been what it is', async () => {
  const { pool, clock, watch } = await watchedPool();
  await clock.advance(500);
  expect(watch.read().sameTargetForMs).toBe(500);
  void pool.resize(2);
  await clock.advance(20);
  expect(watch.read().sameTargetForMs).toBe(20);
});

test('knows since when tasks could start: the first of the workers, and the end of a pause', async () => {
  const { pool, clock, watch } = await watchedPool({}, { bootMs: 100 });
  await clock.advance(150);
  expect(watch.read().flowingForMs).toBe(50);
  void pool.resize(2);
  await clock.advance(150);
  expect(watch.read().flowingForMs).toBe(200);
  pool.pause();
  pool.resume();
  expect(watch.read().flowingForMs).toBe(0);
});

test('a pool that has lost all its workers starts anew', async () => {
  const { engine, clock, watch } = await watchedPool();
  await clock.advance(1_000);
  engine.alive[0]!.crash();
  await clock.advance(10);
  expect(watch.read()).toMatchObject({ flowingForMs: 10, crashAgesMs: [10] });
});

test('keeps the latest hundred crashes, however many there are', () => {
  let now = 0;
  let exit!: (event: PoolEventMap['workerExited']) => void;
  const pool = { on: (event: string, listener: never) => void (event === 'workerExited' && (exit = listener)) };
  const watch = new HealthWatch(pool as never, { now: () => now });
  for (; now < 1_000; now++) exit({ workerId: now, reason: 'crashed' });
  expect(watch.read().crashAgesMs).toHaveLength(KEPT_CRASHES);
  expect(watch.read().crashAgesMs.at(-1)).toBe(1);
});
