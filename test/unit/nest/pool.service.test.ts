import { describe, expect, test, vi } from 'vitest';
import { OnPoolEvent, PoolNotFoundError, PoolService, type PoolEvent } from '../../../lib/index.js';
import { poolEventHandlers } from '../../../lib/nest/decorators/on-pool-event.decorator.js';
import { PoolDirectory } from '../../../lib/nest/pool-directory.js';
import { HealthWatch } from '../../../lib/core/health/health-watch.js';
import { fakePool, submit } from '../../support/fake-pool.js';

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
  expect(() => pools.pause(name)).toThrow('Pools of this application: images.');
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

test('@OnPoolEvent on a method and on its override is one handler, and inherited ones are kept (U6)', () => {
  class Base {
    @OnPoolEvent('images', 'paused')
    told(): void {}
    @OnPoolEvent('images', 'resumed')
    inherited(): void {}
  }
  class Derived extends Base {
    @OnPoolEvent('images', 'paused')
    @OnPoolEvent('images', 'drained')
    override told(): void {}
  }
  const handlers = poolEventHandlers(Derived).map(({ method, event }) => `${method} ${event}`);
  expect(handlers.toSorted()).toEqual(['inherited resumed', 'told drained', 'told paused']);
});

describe('health (U5)', () => {
  async function watched() {
    const { pool, ...fake } = await fakePool({ name: 'images', size: { min: 1, max: 1 }, queue: { capacity: 2 } });
    const watches = new Map([['images', new HealthWatch(pool, fake.clock)]]);
    const directory = new PoolDirectory(new Map([['images', pool]]), null, watches);
    directory.isReady = true;
    return { directory, service: new PoolService(directory), pool, ...fake };
  }

  test('names the pool, its status and the reasons; the options are checked', async () => {
    const { service: pools, pool } = await watched();
    expect(pools.health('images')).toEqual({ pool: 'images', status: 'up', reasons: [] });
    await submit(pool, 3);
    const reason = 'its queue is 100 % full: 2 tasks of at most 2';
    expect(pools.health('images')).toEqual({ pool: 'images', status: 'degraded', reasons: [reason] });
    expect(pools.readiness()).toEqual({ status: 'degraded', reasons: [`pool 'images': ${reason}`] });
    expect(pools.liveness()).toEqual({ status: 'up', reasons: [] });
    expect(pools.readiness({ means: { queue: 'down' } }).status).toBe('down');
    expect(() => pools.health('image')).toThrow(PoolNotFoundError);
    for (const check of [() => pools.health('images', { stalled: 1 } as never), () => pools.readiness(null as never)]) {
      expect(check).toThrow("pool 'images': the options of a health check");
    }
  });

  test('goes by the history of its pool', async () => {
    const { service: pools, engine, clock } = await watched();
    engine.alive[0]!.crash();
    await clock.advance(0);
    expect(pools.health('images', { crashLoop: { crashes: 1 } }).reasons).toEqual(['1 worker crashed within 60 s']);
  });

  test('includes what others have to say about the application, for as long as they do', async () => {
    const { directory, service: pools } = await watched();
    const notice = { status: 'degraded', reason: 'configFile pools.yaml line 3 column 5: no such key' } as const;
    const sources = [() => notice, () => null];
    for (const source of sources) directory.notices.add(source);
    expect(pools.health('images')).toMatchObject({ status: 'degraded', reasons: [notice.reason] });
    expect(pools.readiness()).toEqual({ status: 'degraded', reasons: [notice.reason] });
    expect(pools.liveness().status).toBe('up');
    directory.notices.delete(sources[0]!);
    expect(pools.health('images').status).toBe('up');
  });

  test('a source of notices that throws is told, and harms no check', async () => {
    const { directory, service: pools } = await watched();
    directory.notices.add(() => expect.unreachable('no file'));
    expect(pools.readiness()).toEqual({
      status: 'degraded',
      reasons: [expect.stringContaining('a source of health notices failed: ')],
    });
  });
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
