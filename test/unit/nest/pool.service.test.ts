import { expect, test, vi } from 'vitest';
import { OnPoolEvent, PoolNotFoundError, PoolService, type PoolEvent } from '../../../lib/index.js';
import { PoolDirectory } from '../../../lib/nest/pool-directory.js';
import { fakePool } from '../../support/fake-pool.js';

async function service() {
  const { pool, ...fake } = await fakePool({ name: 'images' });
  return { service: new PoolService(new PoolDirectory(new Map([['images', pool]]))), pool, ...fake };
}

test('finds pools by name', async () => {
  const { service: pools, pool } = await service();
  expect([pools.pools(), pools.has('images'), pools.has('image'), pools.get('images')]).toEqual([
    ['images'],
    true,
    false,
    pool,
  ]);
});

test.each(['image', '__proto__', 'constructor'])('%s is no pool, and the error names those there are', async (name) => {
  const { service: pools } = await service();
  expect(() => pools.get(name)).toThrow(PoolNotFoundError);
  expect(() => pools.snapshot(name)).toThrow(`there is no pool '${name}'.`);
  expect(() => pools.pause(name)).toThrow('Pools of DynamicPoolModule.forRoot(): images.');
  await expect(pools.resize(name, 1)).rejects.toBeInstanceOf(PoolNotFoundError);
  expect(() => pools.get('image')).toThrow("Did you mean 'images'?");
});

test.each<[unknown, string]>([
  [{ forMs: 0 }, "pool 'images': forMs is 0"],
  [{ forMs: Infinity }, 'forMs is Infinity'],
  [{ owner: 5 }, 'owner is 5, but must be a text'],
  [{ formMs: 5 }, "Did you mean 'forMs'?"],
  [null, 'is null, but must be an object'],
])('refuses to pin with %o', async (options, message) => {
  const { service: pools } = await service();
  await expect(pools.resize('images', 2, options as object)).rejects.toThrow(message);
  await expect(pools.resize('images', 99)).rejects.toThrow("pool 'images': size is 99");
});

test('a pin ends by itself after forMs', async () => {
  const { service: pools, clock } = await service();
  await pools.resize('images', 3, { forMs: 1_000 });
  expect(pools.snapshot('images')).toMatchObject({ size: 3, override: { size: 3 } });
  await clock.advance(1_000);
  expect(pools.snapshot('images')).toMatchObject({ size: 1, override: null });
});

test('events$ listens to the pools only while somebody listens to it', async () => {
  const { service: pools } = await service();
  const heard: PoolEvent[] = [];
  const subscription = pools.events$.subscribe((event) => heard.push(event));
  pools.pause('images');
  subscription.unsubscribe();
  pools.resume('images');
  expect(heard).toEqual([{ pool: 'images', event: 'paused', at: expect.any(Number) }]);
});

test('events$ of closed pools completes at once', async () => {
  const { service: pools, pool } = await service();
  await pool.close();
  const completed = vi.fn<() => void>();
  pools.events$.subscribe({ complete: completed });
  expect(completed).toHaveBeenCalledOnce();
});

test('@OnPoolEvent refuses events that do not exist', () => {
  expect(() => OnPoolEvent('images', 'finished' as 'completed')).toThrow(
    '@OnPoolEvent(event) is "finished", but must be \'submitted\' or',
  );
});

test('onSteered hears of overrides, drains and policies in the turn in which they are asked for, until it is stopped', async () => {
  const { service: pools } = await service();
  const heard: unknown[] = [];
  const stop = pools.onSteered((name) =>
    heard.push([name, pools.snapshot(name).override?.size, pools.snapshot(name).state]),
  );
  void pools.resize('images', 1);
  void pools.auto('images');
  void pools.drain('images');
  expect(heard).toEqual([
    ['images', 1, 'open'],
    ['images', undefined, 'open'],
    ['images', undefined, 'draining'],
  ]);
  expect(() => pools.setPolicy('images', 'balancd' as 'balanced')).toThrow('images');
  stop();
  pools.resume('images');
  void pools.resize('images', 1);
  expect(heard).toHaveLength(3);
});
