import { expect, test } from 'vitest';
import { PoolConfigError } from '../../lib/core/errors.js';
import { fakePool } from '../support/fake-pool.js';

test('S0-B16: a size beyond 32 bits, or a fraction, is refused, not cut down to one that looks valid', async () => {
  const { pool } = await fakePool({ size: { min: 1, max: 8 } });
  const tooWide = [2 ** 31, 2 ** 32 + 2, -(2 ** 32) + 2, 2 ** 53, 2.5, NaN, Infinity, '3'];
  const accepted: unknown[] = [];
  for (const size of tooWide) {
    await pool.resize(size as number).then(
      () => accepted.push(size),
      (error: unknown) => expect(error).toBeInstanceOf(PoolConfigError),
    );
  }

  expect(accepted).toEqual([]);
  expect(pool.snapshot()).toMatchObject({ target: 1, size: 1 });
});
