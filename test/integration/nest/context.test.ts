import { Injectable, Module, Scope, type Provider } from '@nestjs/common';
import { threadId } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import {
  AlsCarrier,
  DynamicPoolModule,
  InjectPool,
  PoolConfigError,
  PoolService,
  POOL_CONTEXT,
  type ContextCarrier,
  type Pool,
} from '../../../lib/index.js';
import { DepthCarrier, depths } from '../../fixtures/context/depth.carrier.js';
import { BareModule, FullModule, GreetedService, SourceService } from '../../fixtures/context/greeted.service.js';
import { GreetingCarrier, greetings, TokenCarrier, Words } from '../../fixtures/context/injected.carrier.js';
import { RequestCarrier, requests } from '../../fixtures/context/request-store.js';
import { SurroundedService } from '../../fixtures/context/surrounded.service.js';
import { instance } from '../../fixtures/context/instance.carrier.js';
import { makeHidden } from '../../fixtures/context/unexported.carrier.js';
import { failure, onePool, startApp } from './support.js';

const request = { provide: POOL_CONTEXT, useClass: RequestCarrier };
const source = { provide: 'SOURCE', useValue: 'main' };
const inRequest = <R>(id: string, run: () => R): R => requests.run({ id }, run);

describe('a carrier under POOL_CONTEXT (U8)', () => {
  test('needs no further line: calls of decorated methods carry what surrounds them', async () => {
    const app = await startApp({ imports: [onePool()], providers: [SurroundedService, request] });
    const service = app.get(SurroundedService);
    const [one, two, none] = await Promise.all([
      inRequest('r1', () => service.seen()),
      inRequest('r2', () => service.seen()),
      service.seen(),
    ]);
    expect(one).toMatchObject({ before: 'r1', after: 'r1' });
    expect(one.threadId).not.toBe(threadId);
    expect(two).toMatchObject({ before: 'r2', after: 'r2' });
    expect(none).toMatchObject({ before: null, after: null });
  });

  test('goes with calls by name, with map, with group and with broadcast', async () => {
    const app = await startApp({ imports: [onePool()], providers: [SurroundedService, request] });
    const pool = app.get(PoolService).get('main');
    const task = 'SurroundedService.seen';
    await inRequest('r', async () => {
      expect(await pool.run(task)).toMatchObject({ after: 'r' });
      for await (const result of pool.map(task, [1])) expect(result).toMatchObject({ after: 'r' });
      const group = pool.group();
      expect(await group.run(task)).toMatchObject({ after: 'r' });
      expect(await pool.broadcast(task)).toMatchObject([{ after: 'r' }]);
    });
  });

  test('is asked as a map is read, which is when its calls are made, wherever it was made', async () => {
    const app = await startApp({ imports: [onePool()], providers: [SurroundedService, request] });
    const items = Array.from({ length: 5 }, (_, index) => index);
    const map = inRequest('maker', () => app.get(PoolService).get('main').map('SurroundedService.seen', items));
    await inRequest('reader', async () => {
      let seen = 0;
      for await (const result of map) expect((seen++, result)).toMatchObject({ after: 'reader' });
      expect(seen).toBe(5);
    });
  });

  test('needs no container in the worker where it is given nothing', async () => {
    const refuse = new URL('../../fixtures/context/refuse-nest-core.js', import.meta.url).href;
    const imports = [onePool({ worker: { execArgv: ['--import', refuse] } })];
    const app = await startApp({ imports, providers: [SurroundedService, request] });
    expect(await inRequest('r', () => app.get(SurroundedService).seen())).toMatchObject({ after: 'r' });
    const words = [Words, { provide: POOL_CONTEXT, useClass: GreetingCarrier }];
    const error = await failure(startApp({ imports, providers: [GreetedService, ...words] }));
    expect(String(error.cause)).toContain('@nestjs/core is not to be loaded here');
  });

  test('may have dependencies, which workers build, with its hooks', async () => {
    const app = await startApp({
      imports: [onePool()],
      providers: [GreetedService, Words, { provide: POOL_CONTEXT, useClass: GreetingCarrier }],
    });
    expect(await greetings.run('Ada', () => app.get(GreetedService).greeting())).toBe('hello Ada true');
    expect(await app.get(GreetedService).greeting()).toBeNull();
  });

  test('may be one of several: of an array, and of several modules; they nest in the order of the modules', async () => {
    @Module({ providers: [{ provide: POOL_CONTEXT, useClass: DepthCarrier }] })
    class DepthModule {}
    @Module({ providers: [request] })
    class AgainModule {}
    const app = await startApp({
      imports: [onePool(), DepthModule, AgainModule],
      providers: [SurroundedService, Words, { provide: POOL_CONTEXT, useFactory: () => [new RequestCarrier()] }],
    });
    const seen = await inRequest('r', () => depths.run({ level: 1 }, () => app.get(SurroundedService).seen()));
    expect(seen).toMatchObject({ after: 'r', depth: { level: 1, isInsideRequest: true } });
  });

  test('works with forRootAsync and forFeature, whose pools it serves as well', async () => {
    const options = { size: { max: 1 }, scaling: false } as const;
    const app = await startApp({
      imports: [
        DynamicPoolModule.forRootAsync({ pools: [], useFactory: () => ({ pools: {} }) }),
        DynamicPoolModule.forFeature({ main: options }),
      ],
      providers: [SurroundedService, request],
    });
    expect(await inRequest('r', () => app.get(SurroundedService).seen())).toMatchObject({ after: 'r' });
  });

  test('is made from its own file where a worker module does not provide it, with what that exports', async () => {
    const app = await startApp({
      imports: [onePool({ workerModule: BareModule })],
      providers: [
        SourceService,
        source,
        Words,
        GreetingCarrier,
        {
          provide: POOL_CONTEXT,
          useFactory: (greeting: GreetingCarrier) => [greeting, new RequestCarrier()],
          inject: [GreetingCarrier],
        },
      ],
    });
    const told = await inRequest('r', () => greetings.run('Ada', () => app.get(SourceService).tell()));
    expect(told).toEqual({ source: 'module', id: 'r', greeting: 'hello Ada false' });
  });

  test.each([
    ['a worker module', { workerModule: FullModule }],
    ['the modules of an entry', { entry: new URL('../../fixtures/context/full-entry.js', import.meta.url) }],
  ])('is the one that %s provides under the same token', async (_, options) => {
    const app = await startApp({ imports: [onePool(options)], providers: [SourceService, source, request] });
    const told = await inRequest('r', () => app.get(SourceService).tell());
    expect(told).toEqual({ source: 'full module', id: 'r', greeting: null });
  });

  test('goes to pools of plain functions: made from its file, or exported by their module', async () => {
    const tasks = new URL('../../fixtures/context/tasks.js', import.meta.url);
    const app = await startApp({ imports: [onePool({ tasks })], providers: [request] });
    expect(await inRequest('r', () => app.get(PoolService).get('main').run('id'))).toBe('r');
    const elsewhere = new URL('../../fixtures/nest/functions.js', import.meta.url);
    const other = await startApp({ imports: [onePool({ tasks: elsewhere })], providers: [request] });
    expect(await inRequest('r', () => other.get(PoolService).get('main').run('double', [2]))).toBe(4);
  });

  test('costs calls nothing before the pools start: they carry nothing', async () => {
    @Injectable()
    class Early {
      readonly seen: Promise<unknown>;
      constructor(@InjectPool('main') pool: Pool) {
        this.seen = inRequest('early', () => pool.run('SurroundedService.seen'));
      }
    }
    const app = await startApp({ imports: [onePool()], providers: [Early, SurroundedService, request] });
    expect(await app.get(Early).seen).toMatchObject({ after: null });
    expect(await inRequest('r', () => app.get(SurroundedService).seen())).toMatchObject({ after: 'r' });
  });
});

const plain: ContextCarrier<number> = { name: 'plain', capture: () => 1, run: (_, task) => task() };

describe('an application does not start, with a clear error, when a carrier', () => {
  const start = (context: object, options = {}) =>
    failure(
      startApp({
        imports: [onePool(options)],
        providers: [SurroundedService, { provide: POOL_CONTEXT, ...context } as Provider],
      }),
    );

  test.each([
    ['is none', { useValue: 5 }, /^POOL_CONTEXT of \w+ is 5, but must be a carrier: an object with the methods/],
    [
      'is a plain object, which no worker could find',
      { useValue: plain },
      /^pool 'main': which file declares the carrier plain of POOL_CONTEXT cannot be told.*export class plain.*workerModule/,
    ],
    [
      'is not exported by its file',
      { useFactory: makeHidden },
      /^pool 'main': the carrier HiddenCarrier of POOL_CONTEXT was declared by file:.*unexported\.carrier\.js, which does not export it/,
    ],
    [
      'is exported by its file as an object only',
      { useValue: instance },
      /^pool 'main': file:.*instance\.carrier\.js exports InstanceCarrier as an object; export its class\.$/,
    ],
    [
      'is of a class without a name',
      { useFactory: () => new (AlsCarrier(requests))() },
      /must be an instance of a class that has a name/,
    ],
    [
      'is of the scope of requests',
      { useFactory: () => new RequestCarrier(), scope: Scope.REQUEST },
      /^POOL_CONTEXT of \w+ is of a request scope, or transient.*AsyncLocalStorage/,
    ],
  ])('%s', async (_, context, message) => {
    const error = await start(context);
    expect(error).toBeInstanceOf(PoolConfigError);
    expect(error.message).toMatch(message);
  });

  test('is not provided by the modules of an entry', async () => {
    const entry = new URL('../../fixtures/context/bare-entry.js', import.meta.url);
    const error = await failure(
      startApp({ imports: [onePool({ entry })], providers: [SourceService, source, request] }),
    );
    expect(error.message).toMatch(
      /^pool 'main': calls carry what RequestCarrier captures, and the entry, by runPoolWorker\(\[BareModule\]\), provides no such carrier\. Provide it there as well/,
    );
  });

  test('is given something that workers cannot build', async () => {
    const error = await failure(
      startApp({
        imports: [onePool()],
        providers: [
          SurroundedService,
          { provide: 'WORD', useValue: 'main' },
          { provide: POOL_CONTEXT, useClass: TokenCarrier },
        ],
      }),
    );
    expect(error).toBeInstanceOf(PoolConfigError);
    expect(error.message).toMatch(
      /cannot build TokenCarrier \(file:.*injected\.carrier\.js\): nothing provides 'WORD'.*@PoolWorker\(\{ imports, providers \}\) on TokenCarrier/,
    );
  });

  test('is made by a factory, and a pool is asked for a task before that was called', async () => {
    @Injectable()
    class Early {
      readonly failure: Promise<Error>;
      constructor(@InjectPool('main') pool: Pool) {
        this.failure = failure(pool.run('SurroundedService.seen'));
      }
    }
    const app = await startApp({
      imports: [onePool()],
      providers: [
        Early,
        SurroundedService,
        { provide: POOL_CONTEXT, useFactory: () => new RequestCarrier(), inject: [Early] },
      ],
    });
    expect((await app.get(Early).failure).message).toMatch(
      /^POOL_CONTEXT of \w+ is made by a factory that was not called yet.*onModuleInit\(\)/,
    );
    expect(await inRequest('r', () => app.get(SurroundedService).seen())).toMatchObject({ after: 'r' });
  });
});
