import { expect, test } from 'vitest';
import { settleMicrotasks } from '../support/virtual-clock.js';
import { fakePool } from '../support/fake-pool.js';
import { statesOf } from './support/observed.js';

test('S2-E13: as many workers are started as are counted, and as many leave', async () => {
  const { pool, engine } = await fakePool({ size: { min: 4, max: 8 } });
  let exits = 0;
  pool.on('workerExited', () => exits++);
  expect({ started: engine.workers.length, counted: pool.snapshot().size }).toEqual({ started: 4, counted: 4 });

  void pool.resize(6);
  await settleMicrotasks();
  expect({ started: engine.workers.length, counted: pool.snapshot().size }).toEqual({ started: 6, counted: 6 });

  expect(await statesOf(pool.close())).toEqual(['fulfilled']);
  expect({ exits, counted: pool.snapshot().size }).toEqual({ exits: 6, counted: 0 });
});
