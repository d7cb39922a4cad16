import { expect, test } from 'vitest';
import { fakePool } from '../../../support/fake-pool.js';

const slotted = () => fakePool({ size: { min: 1, max: 8 }, scaling: false }, { bootMs: 200, bootsAtOnce: 2 });

test('no more workers boot at a time than there are cores: the first are ready sooner, and all in the end', async () => {
  const { pool, engine, clock } = await slotted();
  await clock.advance(200);
  const grown = pool.resize(6);
  expect(pool.snapshot()).toMatchObject({ target: 6, starting: 2, live: 1 });
  await clock.advance(199);
  expect(engine.workers).toHaveLength(3);
  await clock.advance(1);
  expect(pool.snapshot()).toMatchObject({ starting: 2, live: 3 });
  await clock.advance(400);
  await grown;
  expect(pool.snapshot()).toMatchObject({ size: 6, live: 6 });
});

test('a boot that takes long waits for something else than a core: after half a second it holds up nobody', async () => {
  const { pool, clock } = await fakePool({ size: { min: 1, max: 8 } }, { bootMs: 60_000, bootsAtOnce: 2 });
  void pool.resize(6);
  expect(pool.snapshot().starting).toBe(2);
  await clock.advance(499);
  expect(pool.snapshot().starting).toBe(2);
  await clock.advance(1);
  expect(pool.snapshot().starting).toBe(4);
  await clock.advance(500);
  expect(pool.snapshot().starting).toBe(6);
  await pool.close({ force: true });
});

test('those that have yet to begin are given up first when the pool shrinks', async () => {
  const { pool, engine, clock } = await slotted();
  await clock.advance(200);
  void pool.resize(6);
  await pool.resize(1);
  await clock.advance(60_000);
  expect(pool.snapshot()).toMatchObject({ size: 1, live: 1 });
  expect(engine.workers).toHaveLength(3);
  expect(clock.scheduled).toBe(0);
});
