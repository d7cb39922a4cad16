import { HealthIndicatorService } from '@nestjs/terminus';
import { expect, test } from 'vitest';
import { PoolHealthIndicator } from '../../../../lib/entries/terminus.js';
import { PoolConfigError, PoolNotFoundError, PoolService } from '../../../../lib/index.js';
import { PoolDirectory } from '../../../../lib/nest/pool-directory.js';
import { fakePool } from '../../../support/fake-pool.js';

async function indicator(...names: string[]) {
  const pools = await Promise.all(names.map(async (name) => [name, (await fakePool({ name })).pool] as const));
  const directory = new PoolDirectory(new Map(pools));
  directory.isReady = true;
  const service = new PoolService(directory);
  return { health: new PoolHealthIndicator(() => service, new HealthIndicatorService()), directory, service };
}

test('one result for each pool, each under its own key, whatever its name (U5)', async () => {
  const { health, service } = await indicator('images', '__proto__');
  service.pause('__proto__');
  expect(health.pools()).toEqual({
    'pool:images': {
      status: 'up',
      state: 'open',
      size: 1,
      target: 1,
      max: 4,
      busy: 0,
      queueDepth: 0,
      reasons: [],
    },
    'pool:__proto__': expect.objectContaining({ status: 'degraded', reasons: ['the pool is paused'] }),
  });
  expect(health.pool('__proto__', { means: { paused: 'down' } })['pool:__proto__']!.status).toBe('down');
});

test('readiness and liveness under a key of choice', async () => {
  const { health, directory } = await indicator('images');
  expect(health.isReady()).toEqual({ pools: { status: 'up', reasons: [] } });
  directory.isReady = false;
  expect(health.isReady('threads').threads).toEqual({ status: 'down', reasons: ['the pools are not up yet'] });
  expect(health.isAlive('threads').threads).toEqual({ status: 'up', reasons: [] });
});

test('a pool without autoscaler is not among the autoscalers, and alone it is up (O3)', async () => {
  const { health } = await indicator('images');
  expect(health.autoscalers()).toEqual({});
  expect(health.autoscaler('images')).toEqual({ 'dynamic-pool:images': { status: 'up', state: 'none', reasons: [] } });
});

test('names that are no pool and options that are none are refused', async () => {
  const { health } = await indicator('images');
  for (const check of [() => health.pool('image'), () => health.autoscaler('constructor')]) {
    expect(check).toThrow(PoolNotFoundError);
  }
  for (const check of ['pools', 'isReady', 'isAlive'] as const) {
    const options = { maxWait: 1 } as never;
    const call = () => (check === 'pools' ? health.pools(options) : health[check]('pools', options));
    expect(call).toThrow(PoolConfigError);
  }
});
