import { Global, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ScheduleModule } from '@nestjs/schedule';
import { Test } from '@nestjs/testing';
import { register } from 'prom-client';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { threadId } from 'node:worker_threads';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { DynamicPoolModule, getPoolToken, InjectPool, PoolService, type Pool } from '../../../lib/index.js';
import { PoolAdminModule } from '../../../lib/entries/admin.js';
import { PoolMetricsModule } from '../../../lib/entries/prometheus.js';
import { OwnAsyncAppModule, RegisteredService } from '../../fixtures/nest/own-async-app.module.js';
import { PlainService } from '../../fixtures/nest/plain.service.js';
import { prometheus } from '../metrics/support.js';
import { asyncPools, slots, thread } from './registration-support.js';
import { failure, listen, startApp } from './support.js';

describe('pools of forRootAsync() and forFeature()', () => {
  test('preview mode calls no factory', async () => {
    const root = DynamicPoolModule.forRootAsync({
      pools: ['main'],
      useFactory: () => Promise.reject(new Error('called')),
    });
    const imports = [root, DynamicPoolModule.forFeature({ more: thread() })];
    const app = await NestFactory.create({ imports }, { preview: true, logger: false, abortOnError: false });
    onTestFinished(() => app.close());
    await app.init();
    expect(app.get(PoolService)).toBeFalsy();
  });

  test('two applications of the same modules in one process have pools of their own (U7)', async () => {
    let calls = 0;
    @Module({
      imports: [
        DynamicPoolModule.forRootAsync({ pools: ['main'], useFactory: () => (calls++, { pools: { main: thread() } }) }),
        DynamicPoolModule.forFeature({ more: slots() }),
      ],
      providers: [PlainService],
    })
    class App {}
    const [one, other] = [await startApp({ imports: [App] }), await startApp({ imports: [App] })];
    expect(calls).toBe(2);
    await one.get(PlainService).thread();
    await one.get(PoolService).get('more').run('echo');
    const done = (app: typeof one) =>
      ['main', 'more'].map((name) => app.get(PoolService).snapshot(name).counters.completed);
    expect([done(one), done(other)]).toEqual([
      [1, 1],
      [0, 0],
    ]);
    await one.close();
    expect(await other.get(PlainService).thread()).not.toBe(threadId);
    expect(done(other)).toEqual([1, 0]);
  });

  test('are configured by YAML, and seen by metrics, health and the HTTP API like any other (O1, O3, O5)', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'registration-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    onTestFinished(() => register.clear());
    const configFile = path.join(folder, 'pools.yaml');
    const yaml = (main: number, more: number) =>
      writeFileSync(configFile, `pools:\n  main: { size: { max: ${main} } }\n  more: { size: { max: ${more} } }\n`);
    yaml(3, 4);
    const feature = { module: class Feature {}, imports: [DynamicPoolModule.forFeature({ more: slots() })] };
    const observers = [prometheus(), PoolMetricsModule.register(), PoolAdminModule.forRoot({ allowUnguarded: true })];
    const root = asyncPools({ configFile, pools: { main: slots() } });
    const app = await startApp({ imports: [ScheduleModule.forRoot(), ...observers, feature, root] });
    const pools = app.get(PoolService);
    const bounds = () => [pools.snapshot('main').max, pools.snapshot('more').max];
    expect(bounds()).toEqual([3, 4]);
    yaml(5, 6);
    await vi.waitUntil(() => bounds()[0] === 5, { timeout: 10_000, interval: 5 });
    expect(bounds()).toEqual([5, 6]);

    const url = await listen(app);
    const get = async (at: string) => (await fetch(url(at), { headers: { connection: 'close' } })).text();
    expect(await get('/metrics')).toMatch(/pool_target\{pool="main"\} 1\n[^#]*pool_target\{pool="more"\} 1\n/);
    expect(await get('/pools/more')).toContain('"name":"more"');
    expect(pools.health('more')).toMatchObject({ pool: 'more', status: 'up' });
    expect(pools.readiness().status).toBe('up');
  });

  test("are told apart by Nest's deep hash of modules as well", async () => {
    const feature = (max: number) => ({
      module: class Feature {},
      imports: [DynamicPoolModule.forFeature({ more: slots(max) })],
    });
    const create = (...maxima: number[]) =>
      NestFactory.createApplicationContext(
        { module: class App {}, imports: [asyncPools({ pools: { main: slots() } }), ...maxima.map(feature)] },
        { moduleIdGeneratorAlgorithm: 'deep-hash', logger: false, abortOnError: false },
      );
    const app = await create(2, 2);
    onTestFinished(() => app.close());
    expect(app.get(PoolService).snapshot('more').max).toBe(2);
    expect((await failure(create(2, 3))).message).toContain("pool 'more' is given twice, with different options");
  });
});

test('inside a worker all calls are inert: no factory is built or called, pools are there and refuse (P14)', async () => {
  const app = await startApp({ imports: [OwnAsyncAppModule] });
  const service = app.get(RegisteredService);
  expect(service.countsHere()).toEqual({ factoryCalls: 1, factoriesBuilt: 1 });
  expect(await service.counts()).toEqual({ factoryCalls: 0, factoriesBuilt: 0 });
  expect(await service.useThePools()).toEqual(
    ["pool 'main'", "pool 'extra'"].map((pool) => expect.stringContaining(pool)),
  );
});

describe('the testing module of Nest', () => {
  @Global()
  @Module({ providers: [{ provide: 'MAX', useValue: 2 }], exports: ['MAX'] })
  class Limits {}

  class Reader {
    constructor(
      @InjectPool('main') readonly main: Pool,
      @InjectPool('more') readonly more: Pool,
    ) {}
  }

  test('overrides pools by their tokens, and what the factory injects', async () => {
    const feature = {
      module: class Feature {},
      imports: [DynamicPoolModule.forFeature({ more: slots() })],
      providers: [Reader],
    };
    const root = DynamicPoolModule.forRootAsync({
      pools: ['main'],
      inject: ['MAX'],
      useFactory: (max: number) => ({ pools: { main: slots(max) } }),
    });
    const fake = (name: string) => ({ name, run: async () => 'faked' });
    const module = await Test.createTestingModule({ imports: [Limits, root, feature] })
      .overrideProvider(getPoolToken('main'))
      .useValue(fake('main'))
      .overrideProvider(getPoolToken('more'))
      .useValue(fake('more'))
      .overrideProvider('MAX')
      .useValue(7)
      .compile();
    onTestFinished(() => module.close());
    await module.init();
    const { main, more } = module.get(Reader);
    expect([await main.run('x'), await more.run('x')]).toEqual(['faked', 'faked']);
    expect(module.get(PoolService).snapshot('main').max).toBe(7);
  });
});
