import { threadId } from 'node:worker_threads';
import { BadRequestException, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { DynamicPoolModule, getPoolToken, PoolService, type Pool } from '../../../lib/index.js';
import { DecoratedService } from '../../fixtures/nest/decorated.service.js';
import { DerivedService } from '../../fixtures/nest/derived.service.js';
import { Clock, InjectedService, Settings } from '../../fixtures/nest/injected.service.js';
import { ListedService, RepositoryModule } from '../../fixtures/nest/listed.service.js';
import { OrderError } from '../../fixtures/nest/order.error.js';
import { PlainService } from '../../fixtures/nest/plain.service.js';
import { Consumer, RequestService, Shared, TransientService } from '../../fixtures/nest/scoped.service.js';
import { onePool, startApp } from './support.js';

describe('a decorated method of a class with dependencies (U4, U7)', () => {
  const providers = [InjectedService, Settings, Clock];

  test('runs on a thread, with its dependencies', async () => {
    const app = await startApp({ imports: [onePool()], providers });
    const { threadId: worker, text } = await app.get(InjectedService).where('it is');
    expect(text).toBe('it is UTC');
    expect(worker).not.toBe(threadId);
    expect(app.get(PoolService).snapshot('main').counters.completed).toBe(1);
  });

  test('calls other decorated methods in place, inside the worker', async () => {
    const app = await startApp({ imports: [onePool()], providers });
    expect(await app.get(InjectedService).nested()).toBe(true);
  });

  test('throws the same HTTP exception as without a pool', async () => {
    const app = await startApp({ imports: [onePool()], providers });
    const error = await app
      .get(InjectedService)
      .refuse()
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(BadRequestException);
    expect((error as BadRequestException).getStatus()).toBe(400);
    expect((error as BadRequestException).getResponse()).toMatchObject({ message: ['width is odd'], hint: 7 });
  });

  test('throws error classes of the application, where they are listed', async () => {
    const app = await startApp({ imports: [onePool({}, { errors: [OrderError] })], providers });
    const error = await app
      .get(InjectedService)
      .order('a7')
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OrderError);
    expect(error).toMatchObject({ orderId: 'a7', message: 'order a7 is unknown' });
  });

  test('gets what @PoolWorker lists', async () => {
    const app = await startApp({
      imports: [onePool(), RepositoryModule],
      providers: [ListedService, { provide: 'FACTOR', useValue: 0 }],
    });
    expect(await app.get(ListedService).total()).toBe(60);
  });
});

describe('a decorated method of a class without dependencies', () => {
  test('runs on a thread', async () => {
    const app = await startApp({ imports: [onePool()], providers: [PlainService] });
    expect(await app.get(PlainService).thread()).not.toBe(threadId);
  });

  test('can be run by its name', async () => {
    const app = await startApp({ imports: [onePool()], providers: [PlainService] });
    expect(await app.get<Pool>(getPoolToken('main')).run('PlainService.thread')).not.toBe(threadId);
    await expect(app.get(PoolService).get('main').run('PlainService.tread')).rejects.toThrow(
      "Did you mean 'PlainService.thread'?",
    );
  });

  test('gets a live signal for the one among its arguments', async () => {
    const app = await startApp({ imports: [onePool()], providers: [PlainService] });
    const controller = new AbortController();
    const call = app.get(PlainService).until(controller.signal);
    controller.abort(new Error('gone'));
    await expect(call).rejects.toThrow('gone');
  });

  test('moves arguments and results where it says so', async () => {
    const app = await startApp({ imports: [onePool()], providers: [PlainService] });
    const service = app.get(PlainService);
    const pixels = new Uint8Array([0, 1, 255]);
    expect([...(await service.invert(pixels))]).toEqual([255, 254, 0]);
    expect(pixels.byteLength).toBe(0);
    const image = { data: new ArrayBuffer(16) };
    expect(await service.sizeOf(image)).toBe(16);
    expect(image.data.byteLength).toBe(0);
  });
});

describe('instances of every making are routed:', () => {
  test('one for each request, one for each consumer', async () => {
    const providers = [RequestService, Shared, TransientService, Consumer];
    const app = await startApp({ imports: [onePool()], providers });
    const [first, second] = [await app.resolve(RequestService), await app.resolve(RequestService)];
    const answers = [await first.tell(), await second.tell()];
    expect(answers).toMatchObject([{ name: 'shared' }, { name: 'shared' }]);
    expect(answers[0]!.threadId).not.toBe(threadId);
    expect(answers[1]!.number).not.toBe(answers[0]!.number);
    expect(await app.get(Consumer).transient.thread()).not.toBe(threadId);
  });

  test('what a factory made, whatever its token', async () => {
    const factory = { provide: 'made', useFactory: async () => new PlainService(), inject: [] };
    const app = await startApp({ imports: [onePool()], providers: [factory] });
    expect(await app.get<PlainService>('made').thread()).not.toBe(threadId);
  });

  test('but not a stand-in of a test, which no worker loads', async () => {
    const module = await Test.createTestingModule({ imports: [onePool()], providers: [PlainService] })
      .overrideProvider(PlainService)
      .useValue({ thread: async () => 'stand-in' })
      .compile();
    onTestFinished(() => module.close());
    await module.init();
    expect(await module.get(PlainService).thread()).toBe('stand-in');
    await expect(module.get(PoolService).get('main').run('PlainService.thread')).rejects.toThrow('Its tasks: none');
  });

  test('in a module that imports the pools because they are not global', async () => {
    @Module({ imports: [onePool({}, { isGlobal: false })], exports: [DynamicPoolModule] })
    class PoolsModule {}
    class Feature {}
    const feature = {
      module: Feature,
      imports: [PoolsModule],
      providers: [
        PlainService,
        { provide: 'names', useFactory: (pools: PoolService) => pools.pools(), inject: [PoolService] },
      ],
    };
    const app = await startApp({ imports: [feature] });
    expect(app.get('names')).toEqual(['main']);
    expect(await app.get(PlainService).thread()).not.toBe(threadId);
    await expect(
      startApp({ imports: [PoolsModule, { module: Feature, providers: feature.providers }] }),
    ).rejects.toThrow('PoolService');
  });
});

describe('decorators and inheritance', () => {
  test('decorators above @PooledTask act on the main thread, those below in the worker', async () => {
    const app = await startApp({ imports: [onePool()], providers: [DecoratedService] });
    expect(await app.get(DecoratedService).run()).toBe('above@main(below@worker(body))');
  });

  test('a subclass in another file inherits pooled methods; its overrides are not pooled', async () => {
    const app = await startApp({ imports: [onePool()], providers: [DerivedService] });
    const service = app.get(DerivedService);
    expect(await service.tell()).toBe('derived');
    expect(app.get(PoolService).snapshot('main').tasks).toHaveProperty(['DerivedService.tell']);
    expect(await service.overridden()).toBe(`base of derived, ${threadId}`);
  });

  test('two applications in one process do not mix', async () => {
    const [first, second] = await Promise.all(
      [1, 2].map(() => startApp({ imports: [onePool()], providers: [PlainService] })),
    );
    await first!.get(PlainService).thread();
    await first!.get(PlainService).thread();
    await second!.get(PlainService).thread();
    const completed = [first, second].map((app) => app!.get(PoolService).snapshot('main').counters.completed);
    expect(completed).toEqual([2, 1]);
  });

  test('without a pool module, and after the application closed, a new instance runs in place', async () => {
    const app = await startApp({ imports: [onePool()], providers: [PlainService] });
    const pooled = app.get(PlainService);
    expect(await new PlainService().thread()).not.toBe(threadId);
    await app.close();
    expect(await new PlainService().thread()).toBe(threadId);
    await expect(pooled.thread()).rejects.toMatchObject({ code: 'POOL_CLOSED' });
  });
});
