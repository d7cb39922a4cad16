import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { threadId } from 'node:worker_threads';
import { describe, expect, onTestFinished, test } from 'vitest';
import { DynamicPoolModule, getPoolToken, PoolConfigError, PoolService } from '../../../lib/index.js';
import { PlainService } from '../../fixtures/nest/plain.service.js';
import { Consumer, RequestService, Shared, TransientService } from '../../fixtures/nest/scoped.service.js';
import { asyncPools, slots, thread } from './registration-support.js';
import { failure, onePool, startApp } from './support.js';

describe('two applications in one process', () => {
  test('have a pool of one name each, and one that closes takes nothing from the other', async () => {
    const [one, other] = await Promise.all([
      startApp({ imports: [onePool({ size: { max: 2 } })], providers: [PlainService] }),
      startApp({ imports: [onePool({ queue: { capacity: 7 } })], providers: [PlainService] }),
    ]);
    const seen = [one!, other!].map((app) => app.get(PoolService).snapshot('main'));
    expect(seen.map(({ max, queueCapacity }) => [max, queueCapacity])).toEqual([
      [2, 10_000],
      [1, 7],
    ]);
    const gate = new Int32Array(new SharedArrayBuffer(4));
    const running = new Promise((resolve) => other!.get(PoolService).get('main').on('started', resolve));
    const waiting = other!.get(PlainService).wait(gate);
    await running;
    await one!.close();
    expect(other!.get(PoolService).snapshot('main')).toMatchObject({ state: 'open', busy: 1 });
    Atomics.store(gate, 0, 1);
    Atomics.notify(gate, 0);
    expect(await waiting).not.toBe(threadId);
    await expect(one!.get(PlainService).thread()).rejects.toMatchObject({ code: 'POOL_CLOSED' });
  });

  test('take instances that nobody knows by their class: the newer first, and the other when that is closed', async () => {
    const providers = [RequestService, Shared];
    const [one, newer] = [
      await startApp({ imports: [onePool()], providers }),
      await startApp({ imports: [onePool()], providers }),
    ];
    const completed = () => [one, newer].map((app) => app.get(PoolService).snapshot('main').counters.completed);
    const unknown = () => new RequestService(new Shared()).tell();
    await unknown();
    expect(completed()).toEqual([0, 1]);
    await newer.close();
    await unknown();
    expect(completed()).toEqual([1, 1]);
  });

  test("are none of the other's business where one failed to start (P9)", async () => {
    const app = await startApp({ imports: [onePool()], providers: [RequestService, Shared] });
    const late = { provide: 'late', inject: [PoolService], useFactory: () => new PlainService() };
    const failed = await failure(startApp({ imports: [onePool({ kind: 'async' })], providers: [late] }));
    expect(failed.message).toContain('PlainService comes out of a factory');
    expect(await new RequestService(new Shared()).tell()).not.toMatchObject({ threadId });
    expect(app.get(PoolService).snapshot('main').counters.completed).toBe(1);
  });

  test('know those that their containers make later, for a request or on demand (U4)', async () => {
    const providers = [RequestService, Shared, TransientService, Consumer];
    const [one, newer] = [
      await startApp({ imports: [onePool()], providers }),
      await startApp({ imports: [onePool()], providers }),
    ];
    const completed = () => [one, newer].map((app) => app.get(PoolService).snapshot('main').counters.completed);
    const ofRequest = await one.resolve(RequestService);
    await ofRequest.tell();
    expect(completed()).toEqual([1, 0]);
    await (await one.resolve(TransientService)).thread();
    expect(completed()).toEqual([2, 0]);
    await (await newer.resolve(RequestService)).tell();
    expect(completed()).toEqual([2, 1]);

    // As of any other instance of an application that is closed: neither in place, nor in another application.
    await one.close();
    await expect(ofRequest.tell()).rejects.toMatchObject({ code: 'POOL_CLOSED' });
    expect(completed()).toEqual([2, 1]);
  });
});

describe.each(['reference', 'deep-hash'] as const)('with module ids by %s', (moduleIdGeneratorAlgorithm) => {
  const create = async (...imports: DynamicModule[]) => {
    const modules = imports.map((own, index) => ({
      module: { [`M${index}`]: class {} }[`M${index}`]!,
      imports: [own],
    }));
    const app = await NestFactory.createApplicationContext(
      { module: class App {}, imports: modules },
      { moduleIdGeneratorAlgorithm, logger: false, abortOnError: false },
    );
    onTestFinished(() => app.close());
    return app;
  };
  const root = (max: number) => DynamicPoolModule.forRoot({ pools: { main: slots(max) } });

  test.each([
    ['equal', 2],
    ['other', 3],
  ])('a second forRoot() with %s options is refused, and not dropped', async (_, max) => {
    const error = await failure(create(root(2), root(max)));
    expect(error).toBeInstanceOf(PoolConfigError);
    expect(error.message).toContain('DynamicPoolModule.forRoot() stands 2 times among the imports');
    const both = await failure(
      create(asyncPools({ pools: { main: slots(2) } }), asyncPools({ pools: { main: slots(max) } })),
    );
    expect(both.message).toContain('DynamicPoolModule.forRootAsync() stands 2 times');
  });

  test('one call that two modules import is one', async () => {
    const once = root(2);
    const app = await create(once, once);
    expect(app.get(PoolService).snapshot('main').max).toBe(2);
  });
});

describe.each([
  ['forRoot()', (isGlobal: boolean) => onePool({}, { isGlobal })],
  ['forRootAsync()', (isGlobal: boolean) => asyncPools({ pools: { main: thread() } }, isGlobal)],
] as const)('%s with isGlobal: false', (_, root) => {
  const pool = { provide: 'pool', useFactory: () => 'injected', inject: [getPoolToken('main'), PoolService] };

  test('has its pools injected where it is imported, and by those who import what re-exports it', async () => {
    @Module({ imports: [root(false)], providers: [pool], exports: [DynamicPoolModule] })
    class Pools {}
    const user = { module: class User {}, imports: [Pools], providers: [pool, PlainService] };
    const app = await startApp({ imports: [Pools, user] });
    expect(app.get('pool')).toBe('injected');
    expect(await app.get(PlainService).thread()).not.toBe(threadId);
    await expect(startApp({ imports: [Pools, { ...user, imports: [] }] })).rejects.toThrow('DYNAMIC_POOL:main');
  });

  test('routes decorated methods of every module all the same', async () => {
    const elsewhere = { module: class Elsewhere {}, providers: [PlainService] };
    const app = await startApp({ imports: [root(false), elsewhere] });
    expect(await app.get(PlainService).thread()).not.toBe(threadId);
  });
});
