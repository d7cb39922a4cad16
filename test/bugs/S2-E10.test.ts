import { expect, test } from 'vitest';
import type { SizeOptions } from '../../lib/core/contract/pool-options.js';
import { PoolConfigError } from '../../lib/core/errors.js';
import { resolvePoolOptions } from '../../lib/core/pool/resolve-options.js';
import { fakePool } from '../support/fake-pool.js';

test('S2-E10: a pool of zero workers, whose first call would wait for ever, is refused', async () => {
  const zeros: SizeOptions[] = [{ min: 0 }, { max: 0 }, { initial: 0 }, { min: 0, max: 0 }, { min: 0, initial: 0 }];
  for (const size of zeros) {
    const create = () => resolvePoolOptions({ name: 'zero', size });
    expect(create).toThrow(PoolConfigError);
    expect(create).toThrow(/^pool 'zero': size\.(min|max|initial) is 0, but must be a whole number from 1/);
  }

  const { pool } = await fakePool();
  await expect(pool.resize(0)).rejects.toThrow("pool 'fake': resize(target) is 0");
  await expect(pool.prewarm(0)).rejects.toThrow("pool 'fake': prewarm(n) is 0");
  expect(pool.snapshot().size).toBe(1);
});
