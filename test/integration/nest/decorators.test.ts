import { Reflector } from '@nestjs/core';
import { ScheduleModule, SchedulerRegistry } from '@nestjs/schedule';
import { describe, expect, test } from 'vitest';
import { PoolService } from '../../../lib/index.js';
import { GuardedController, Keys, ScopedController, Suffix } from '../../fixtures/nest/guarded.controller.js';
import { WrappedService } from '../../fixtures/nest/wrapped.service.js';
import { failure, listen, onePool, startApp } from './support.js';

describe('a decorator above @PooledTask acts on the main thread:', () => {
  test('a cache answers without asking the pool', async () => {
    const app = await startApp({ imports: [onePool()], providers: [WrappedService] });
    const service = app.get(WrappedService);
    expect([await service.cached('a'), await service.cached('b'), await service.cached('a')]).toEqual([1, 2, 1]);
    expect(app.get(PoolService).snapshot('main').counters.submitted).toBe(2);
  });

  test('a breaker opens by what comes out of the worker', async () => {
    const app = await startApp({ imports: [onePool()], providers: [WrappedService] });
    const service = app.get(WrappedService);
    const told = async () => (await failure(service.fail())).message;
    expect([await told(), await told()]).toEqual(['in a worker', 'open']);
    expect(app.get(PoolService).snapshot('main').counters).toMatchObject({ submitted: 1, failed: 1 });
  });

  test('one that opens a store is undone by one below, which has the last word in the worker', async () => {
    const app = await startApp({ imports: [onePool()], providers: [WrappedService] });
    expect(await app.get(WrappedService).stored()).toBe('inner');
  });
});

test('a decorator below @PooledTask acts in the worker: a cache there is asked through the pool', async () => {
  const app = await startApp({ imports: [onePool()], providers: [WrappedService] });
  const service = app.get(WrappedService);
  const answers = [await service.cachedInside('a'), await service.cachedInside('b'), await service.cachedInside('a')];
  expect(answers).toEqual([1, 2, 1]);
  expect(app.get(PoolService).snapshot('main').counters.submitted).toBe(3);
});

test('metadata is read through the Reflector, whether it was set above or below', async () => {
  const app = await startApp({ imports: [onePool()], providers: [WrappedService] });
  const { noted, notedBelow } = app.get(WrappedService);
  const roles = (handler: Function) => app.get(Reflector).get<string[]>('roles', handler);
  expect([roles(noted), roles(notedBelow)]).toEqual([['above'], ['below']]);
});

test.each(['above', 'below'])(
  '@Cron %s @PooledTask fires on the main thread, and the method runs in a worker',
  async (name) => {
    const app = await startApp({ imports: [ScheduleModule.forRoot(), onePool()], providers: [WrappedService] });
    const registry = app.get(SchedulerRegistry);
    expect([...registry.getCronJobs().keys()].toSorted()).toEqual(['above', 'below']);
    const completed = new Promise<string>((resolve) => {
      app
        .get(PoolService)
        .get('main')
        .on('completed', ({ task }) => resolve(task));
    });
    await registry.getCronJob(name).fireOnTick();
    expect(await completed).toBe(`WrappedService.cron${name === 'above' ? 'Above' : 'Below'}`);
  },
);

describe('a controller whose handlers are pooled', () => {
  const headers = { 'x-key': 'let me in', 'x-role': 'reader', 'x-agent': 'curl', connection: 'close' };
  const start = async () => {
    const providers = [{ provide: 'KEYS', useClass: Keys }, Suffix];
    const app = await startApp({ imports: [onePool()], controllers: [GuardedController, ScopedController], providers });
    return listen(app);
  };
  const get = async (url: string, sent: Record<string, string> = headers) => {
    const answer = await fetch(url, { headers: sent });
    return { status: answer.status, body: (await answer.json()) as object };
  };

  test.each(['guarded', 'guarded/below'])(
    'keeps guards, interceptors, pipes and parameters on the main thread, and needs none of them in a worker: %s',
    async (path) => {
      const url = await start();
      const agent = path === 'guarded' ? { agent: 'curl!' } : {};
      expect(await get(url(`${path}?n=7`))).toEqual({
        status: 200,
        body: { envelope: 'main', body: { thread: 'worker', n: 7, ...agent } },
      });
      expect((await get(url(`${path}?n=seven`))).status).toBe(400);
      expect((await get(url(`${path}?n=7`), { ...headers, 'x-role': 'nobody' })).status).toBe(403);
      expect((await get(url(`${path}?n=7`), { ...headers, 'x-key': 'guessed' })).status).toBe(403);
    },
  );

  test('may be of request scope: the request stays on the main thread, each call has an instance in the worker', async () => {
    const url = await start();
    for (const agent of ['one', 'two']) {
      expect(await get(url('scoped'), { ...headers, 'x-agent': agent })).toEqual({
        status: 200,
        body: { thread: 'worker', agent: `${agent}!`, own: 'no request', calls: 1 },
      });
    }
  });
});
