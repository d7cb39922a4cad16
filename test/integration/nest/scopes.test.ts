import { Scope, type ClassProvider, type Provider, type Type } from '@nestjs/common';
import { ContextIdFactory, REQUEST, type ContextId, type HostComponentInfo } from '@nestjs/core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { PoolConfigError, PoolService } from '../../../lib/index.js';
import {
  BareDefault,
  BareRequest,
  BareTransient,
  Bubbling,
  CurrentUser,
  Durable,
  GivenDefault,
  GivenStandIn,
  GivenTransient,
  Label,
  Labelled,
  PerRequest,
  Tool,
  WantsRequest,
  WantsUser,
} from '../../fixtures/nest/scopes.service.js';
import { failure, onePool, startApp } from './support.js';

type Counter = { count(): Promise<number> };

/** What two calls on one instance answer: `[1, 2]` from one instance in the worker, `[1, 1]` from one for each call. */
async function counts(providers: Provider[], cls: Type<Counter>): Promise<{ counted: number[]; completed: number }> {
  const app = await startApp({ imports: [onePool()], providers });
  const service = await app.resolve(cls);
  const counted = [await service.count(), await service.count()];
  return { counted, completed: app.get(PoolService).snapshot('main').counters.completed };
}

describe('in a worker there is an instance', () => {
  test.each<[string, Type<Counter>, Provider[]]>([
    ['a class of request scope, without dependencies', BareRequest, [BareRequest]],
    ['a transient class, without dependencies', BareTransient, [BareTransient]],
    ['a transient class', GivenTransient, [GivenTransient, Tool]],
    ['a durable class', Durable, [Durable]],
    ['a class that is given one of request scope', Bubbling, [Bubbling, PerRequest]],
    ...[BareDefault, GivenDefault].map((cls): [string, Type<Counter>, Provider[]] => {
      const scoped: ClassProvider = { provide: cls, useClass: cls as Type<Counter>, scope: Scope.REQUEST };
      return [`${cls.name}, provided with a scope`, cls as Type<Counter>, [scoped, Tool]];
    }),
  ])('for each call of %s', async (_, cls, providers) => {
    expect(await counts(providers, cls)).toEqual({ counted: [1, 1], completed: 2 });
  });

  test.each<[string, Type<Counter>, Provider[]]>([
    ['any other class', BareDefault, [BareDefault]],
    ['any other class with dependencies', GivenDefault, [GivenDefault, Tool]],
    ['a class that is given a transient one', Labelled, [Labelled, Label]],
  ])('for all calls of %s', async (_, cls, providers) => {
    expect(await counts(providers, cls)).toEqual({ counted: [1, 2], completed: 2 });
  });
});

describe('in a worker', () => {
  test('each call has dependencies of request scope of its own', async () => {
    const app = await startApp({ imports: [onePool()], providers: [Bubbling, PerRequest] });
    const service = await app.resolve(Bubbling);
    const [first, second] = [await service.number(), await service.number()];
    expect(second).not.toBe(first);
  });

  test('a transient dependency knows who injects it', async () => {
    const app = await startApp({ imports: [onePool()], providers: [Labelled, Label] });
    expect(await app.get(Labelled).text()).toBe('label of Labelled');
  });
});

test('durable instances are kept for each tenant on the main thread; what a task needs of it goes as an argument', async () => {
  const trees = new Map<string, ContextId>();
  const strategy = {
    attach(contextId: ContextId, request: { name: string }) {
      const tree = trees.get(request.name) ?? trees.set(request.name, ContextIdFactory.create()).get(request.name)!;
      return {
        resolve: ({ isTreeDurable }: HostComponentInfo) => (isTreeDurable ? tree : contextId),
        payload: request,
      };
    },
  };
  const { strategy: before } = ContextIdFactory as unknown as { strategy: never };
  ContextIdFactory.apply(strategy);
  onTestFinished(() => ContextIdFactory.apply(before));
  const app = await startApp({ imports: [onePool()], providers: [Durable] });
  const resolve = async (name: string) => {
    const contextId = ContextIdFactory.getByRequest({ name } as never);
    app.registerRequestByContextId({ name }, trees.get(name)!);
    return app.resolve(Durable, contextId);
  };
  const [first, again, other] = [await resolve('acme'), await resolve('acme'), await resolve('umbrella')];
  expect(first).toBe(again);
  expect(first).not.toBe(other);
  expect(await first.seen()).toBe('nobody');
  expect(await other.seen(other.tenant?.name)).toBe('umbrella');
});

describe('REQUEST in a worker', () => {
  const advice =
    /there is no request in a worker\. Pass what the task needs of it as an argument; put @Optional\(\).*@PoolWorker/;

  test('is refused at the start, with the ways out', async () => {
    const error = await failure(startApp({ imports: [onePool()], providers: [WantsRequest] }));
    expect(error).toBeInstanceOf(PoolConfigError);
    expect(error.message).toMatch(
      /^pool 'main': a worker cannot build WantsRequest \(file:.*scopes\.service\.js\): it is given REQUEST, and/,
    );
    expect(error.message).toMatch(advice);
  });

  test('is refused where something injected is given it, naming that', async () => {
    const providers = [WantsUser, CurrentUser, Tool];
    const error = await failure(startApp({ imports: [onePool()], providers }));
    expect(error.message).toMatch(/cannot build WantsUser \(file:.*\): it is given REQUEST through CurrentUser, and/);
    const workerModule = {
      file: new URL('../../fixtures/nest/scopes.service.js', import.meta.url),
      export: 'WantsUserModule',
    };
    const other = await failure(startApp({ imports: [onePool({ workerModule })], providers }));
    expect(other.message).toMatch(/cannot build WantsUser.*through CurrentUser/);
    expect(other.message).toMatch(advice);
  });

  test('may be optional: then it is undefined there', async () => {
    const app = await startApp({ imports: [onePool()], providers: [Durable] });
    expect(await (await app.resolve(Durable)).seen()).toBe('nobody');
  });

  test('may have a stand-in, by @PoolWorker', async () => {
    const app = await startApp({ imports: [onePool()], providers: [GivenStandIn, CurrentUser] });
    expect(await (await app.resolve(GivenStandIn)).name()).toBe('a stand-in');
  });

  test('is what it always was on the main thread', async () => {
    const app = await startApp({ imports: [onePool()], providers: [GivenStandIn, CurrentUser] });
    const contextId = ContextIdFactory.create();
    app.registerRequestByContextId({ user: 'ann' }, contextId);
    const service = await app.resolve(GivenStandIn, contextId);
    expect(service.user.request).toEqual({ user: 'ann' });
    expect(REQUEST).toBe('REQUEST');
  });
});
