import { NestFactory } from '@nestjs/core';
import type { Type } from '@nestjs/common';
import { expect, it, onTestFinished, vi } from 'vitest';
import { PoolService } from 'nestjs-dynamic-pool';
import { AsyncModule } from '../fixtures/docs/registration-async.js';
import { ClassModule } from '../fixtures/docs/registration-class.js';
import { FeaturesModule, ThumbnailLoad, Thumbnails } from '../fixtures/docs/registration-feature.js';
import { OwnEntryModule } from '../fixtures/docs/registration-own-entry.js';
import { Model, Scores, ScoresModule } from '../fixtures/docs/registration-remote.js';
import { waitingWith } from '../fixtures/docs/registration-testing.js';

async function start(module: Type) {
  const app = await NestFactory.createApplicationContext(module, { logger: false, abortOnError: false });
  onTestFinished(() => app.close());
  return { app, pools: app.get(PoolService) };
}

it('forRootAsync: the options come from the settings (U1)', async () => {
  vi.stubEnv('PRICING_MAX', '2');
  onTestFinished(() => void vi.unstubAllEnvs());
  const { pools } = await start(AsyncModule);
  expect(pools.pools()).toEqual(['pricing', 'reports']);
  expect(pools.snapshot('pricing')).toMatchObject({ max: 2, queueCapacity: 500 });
  expect(pools.budget()!.workers).toBe(4);
});

it('forRootAsync with a class: the options come from the settings that it injects (U1)', async () => {
  const { pools } = await start(ClassModule);
  expect(pools.snapshot('pricing').max).toBe(3);
});

it('forFeature: a pool of the feature runs its tasks, under the defaults of the root (U1, U4)', async () => {
  const { app, pools } = await start(FeaturesModule);
  expect(pools.snapshot('thumbnails')).toMatchObject({ max: 2, queueCapacity: 500 });
  expect(await app.get(Thumbnails).shrink(Uint8Array.of(1, 2, 3, 4), 2)).toEqual(Uint8Array.of(1, 3));
  expect(pools.snapshot('thumbnails').counters.completed).toBe(1);
  expect(app.get(ThumbnailLoad).waiting()).toBe(0);
});

it('remote: the model is built in workers only (U7)', async () => {
  const { app, pools } = await start(ScoresModule);
  expect(await app.get(Scores).score(Uint8Array.of(1, 2, 3, 4))).toBe(6);
  expect(pools.snapshot('scores').counters.completed).toBe(1);
  expect(() => app.get(Model)).toThrow('Model');
});

it('entry: a file of your own boots the modules and providers it is told', async () => {
  const { app, pools } = await start(OwnEntryModule);
  expect(await app.get(Scores).score(Uint8Array.of(1, 2, 3, 4))).toBe(6);
  expect(pools.snapshot('scores').counters.completed).toBe(1);
});

it('tests: a pool is a provider under its token', async () => {
  expect(await waitingWith(7)).toBe(7);
});
