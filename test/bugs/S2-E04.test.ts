import { expect, test } from 'vitest';
import { settleMicrotasks } from '../support/virtual-clock.js';
import { fakePool } from '../support/fake-pool.js';

test('S2-E04: no count is lost between reading and writing it: ten thousand tasks on eight workers are ten thousand', async () => {
  const { pool, engine } = await fakePool({ size: { min: 8, max: 8 } });
  const calls = Array.from({ length: 10_000 }, () => pool.run('work'));
  while (engine.running.length > 0) {
    for (const worker of engine.running) worker.end();
    await settleMicrotasks();
  }

  expect(pool.snapshot().counters).toMatchObject({ submitted: 10_000, completed: 10_000, failed: 0, cancelled: 0 });
  await expect(Promise.all(calls)).resolves.toHaveLength(10_000);
});
