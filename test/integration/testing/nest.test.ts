import { AsyncLocalStorage } from 'node:async_hooks';
import { BadRequestException, Injectable, Module } from '@nestjs/common';
import { ScheduleModule, SchedulerRegistry } from '@nestjs/schedule';
import { Test, type TestingModule, type TestingModuleBuilder } from '@nestjs/testing';
import { lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  DynamicPoolModule,
  getPoolToken,
  POOL_CONTEXT,
  PooledTask,
  PoolService,
  remote,
  type DynamicPoolModuleOptions,
  WorkerCrashedError,
} from '../../../lib/index.js';
import {
  createFakePool,
  getManualPool,
  getTestPool,
  useInlinePools,
  useManualPools,
  VirtualClock,
  type InlinePoolsOptions,
} from '../../../lib/entries/testing.js';
import { OrderError } from '../../fixtures/nest/order.error.js';
import { Heavy, PerRequest, Price, Rates, Shop, StagedService } from '../../fixtures/nest/staged.service.js';
import { collect } from '../../support/collect.js';
import { livingThreads } from '../../support/living-threads.js';
import { rejectionOf, watch } from '../../support/watch.js';

const POOLS: DynamicPoolModuleOptions = {
  pools: {
    main: { size: { max: 2 }, scaling: false },
    waiting: { kind: 'async', size: { max: 2 }, scaling: false },
  },
  errors: [OrderError],
};

function appModule(options: Partial<DynamicPoolModuleOptions> = {}) {
  @Module({
    imports: [DynamicPoolModule.forRoot({ ...POOLS, ...options })],
    providers: [Rates, StagedService, PerRequest],
  })
  class AppModule {}
  return AppModule;
}

function builder(options?: Partial<DynamicPoolModuleOptions>): TestingModuleBuilder {
  return Test.createTestingModule({ imports: [ScheduleModule.forRoot(), appModule(options)] });
}

async function start(testing: TestingModuleBuilder): Promise<TestingModule> {
  const module = await testing.setLogger(false as never).compile();
  await module.init();
  onTestFinished(() => module.close());
  return module;
}

const inline = async (options: InlinePoolsOptions = {}, module?: Partial<DynamicPoolModuleOptions>) =>
  start(useInlinePools(builder(module), options));

describe('an application whose pools run inline (U8)', () => {
  it('starts no thread, and runs decorated methods on its own instances', async () => {
    const module = await inline();
    const service = module.get(StagedService);
    expect(await service.convert(5, 'USD')).toBe(10);
    expect(await service.where()).toBe(true);
    expect(service.calls).toBe(1);
    expect(livingThreads.size).toBe(0);
    expect(module.get(PoolService).snapshot('main')).toMatchObject({ live: 1, counters: { completed: 2 } });
  });

  it('applies overridden providers and mocks', async () => {
    const of = vi.fn<(currency: string) => number>(() => 3);
    const module = await start(useInlinePools(builder()).overrideProvider(Rates).useValue({ of }));
    expect(await module.get(StagedService).convert(5, 'EUR')).toBe(15);
    expect(of).toHaveBeenCalledExactlyOnceWith('EUR');
  });

  it('runs classes that no file exports', async () => {
    @Injectable()
    class Local {
      @PooledTask('main')
      async double(n: number): Promise<number> {
        return n * 2;
      }
    }
    const testing = Test.createTestingModule({ imports: [DynamicPoolModule.forRoot(POOLS)], providers: [Local] });
    const module = await start(useInlinePools(testing));
    expect(await module.get(Local).double(2)).toBe(4);
  });

  it('finds what could not cross, and brings errors back as a thread does', async () => {
    const service = (await inline()).get(StagedService);
    await expect(service.leak()).rejects.toMatchObject({ code: 'TASK_CLONE', path: 'result.socket', pool: 'main' });
    await expect(service.convert(1, (() => 'EUR') as never)).rejects.toMatchObject({ path: 'args[1]' });
    await expect(service.refuse()).rejects.toBeInstanceOf(OrderError);
    expect((await service.pixels()).byteLength).toBe(4);
    expect(service.kept.byteLength).toBe(0);
  });

  it('brings exceptions of Nest back as themselves', async () => {
    const tasks = {
      main: {
        'StagedService.convert': () => {
          throw new BadRequestException({ message: ['odd'] });
        },
      },
    };
    const error = await rejectionOf<BadRequestException>(
      (await inline({ tasks })).get(StagedService).convert(1, 'EUR'),
    );
    expect(error).toBeInstanceOf(BadRequestException);
    expect(error.getResponse()).toEqual({ message: ['odd'] });
  });

  it('makes instances again of arguments and results whose classes are declared', async () => {
    const testing = Test.createTestingModule({ imports: [DynamicPoolModule.forRoot(POOLS)], providers: [Shop] });
    const module = await start(useInlinePools(testing));
    const reduced = await module.get(Shop).discount(new Price(1_000), 10);
    expect(reduced).toBeInstanceOf(Price);
    expect(reduced.euros).toBe(9);
  });

  it('streams what methods yield and push, on its own instances (P11)', async () => {
    const module = await inline();
    const service = module.get(StagedService);
    expect(await collect(service.amounts(40))).toEqual(Array.from({ length: 40 }, (_, i) => ({ amount: 2 * i + 2 })));
    expect(await lastValueFrom(service.ticks().pipe(toArray()))).toEqual([1, 2, 3]);
    expect(getTestPool(module, 'main').calls.map(({ task }) => task)).toEqual([
      'StagedService.amounts',
      'StagedService.ticks',
    ]);
    getTestPool(module, 'main').workers.crashNext('StagedService.amounts');
    await expect(collect(service.amounts(1))).rejects.toBeInstanceOf(WorkerCrashedError);
  });

  it('takes along what carriers of the application capture (U8)', async () => {
    const storage = new AsyncLocalStorage<string>();
    class Requests {
      capture = () => storage.getStore();
      run = <R>(id: string, task: () => R) => storage.run(`carried ${id}`, task);
    }
    @Injectable()
    class Local {
      @PooledTask('main')
      async id(): Promise<string | undefined> {
        return storage.getStore();
      }
    }
    const testing = Test.createTestingModule({
      imports: [DynamicPoolModule.forRoot(POOLS)],
      providers: [Local, { provide: POOL_CONTEXT, useValue: new Requests() }],
    });
    const module = await start(useInlinePools(testing));
    expect(await storage.run('r1', () => module.get(Local).id())).toBe('carried r1');
    expect(await module.get(Local).id()).toBeUndefined();
  });

  it('says what to do about a class under remote(), and runs what the test gives for it', async () => {
    const heavy = () =>
      Test.createTestingModule({ imports: [DynamicPoolModule.forRoot(POOLS)], providers: [remote(Heavy)] });
    const stubbed = await start(useInlinePools(heavy()));
    await expect(stubbed.get(Heavy).ask('why')).rejects.toThrow(
      "pool 'main': 'Heavy.ask' belongs to Heavy, of which remote(Heavy) lets only workers have an instance, and in this test there are none. Build it here: overrideProvider(Heavy).useClass(Heavy).",
    );
    const built = await start(useInlinePools(heavy()).overrideProvider(Heavy).useClass(Heavy));
    expect(await built.get(Heavy).ask('why')).toBe('huge: why');
    const tasks = { main: { 'Heavy.ask': (question: string) => `fake: ${question}` } };
    const replaced = await start(useInlinePools(heavy(), { tasks }));
    expect(await replaced.get(Heavy).ask('why')).toBe('fake: why');
  });

  it('runs pooled methods that a task calls in place, as a worker does', async () => {
    const module = await inline({}, { pools: { ...POOLS.pools, main: { size: { max: 1 }, scaling: false } } });
    expect(await module.get(StagedService).twice(3)).toBe(12);
    expect(module.get(PoolService).snapshot('main').counters.completed).toBe(1);
  });

  it('refuses pools to a task, as a worker does', async () => {
    await expect((await inline()).get(StagedService).byPool()).rejects.toMatchObject({ code: 'INSIDE_WORKER' });
  });

  it('runs a method of a request scope on the instance that was called', async () => {
    const module = await inline();
    const mine = await module.resolve(PerRequest);
    const other = await module.resolve(PerRequest);
    expect([await mine.tell(), await other.tell()]).toEqual([mine.number, other.number]);
    expect(mine.number).not.toBe(other.number);
  });

  it('gives tests the pools, with their calls and their workers', async () => {
    const module = await inline();
    const pool = getTestPool(module, 'main');
    expect(pool).toBe(module.get(getPoolToken('main')));
    const service = module.get(StagedService);
    pool.workers.crashNext('StagedService.convert', { exitCode: 137 });
    await expect(service.convert(1, 'EUR')).rejects.toBeInstanceOf(WorkerCrashedError);
    expect(await service.convert(1, 'EUR')).toBe(1);
    expect(pool.calls).toEqual(
      [1, 2].map(() => ({ task: 'StagedService.convert', args: [1, 'EUR'], options: undefined })),
    );
    expect(await pool.run('StagedService.convert', [2, 'USD'])).toBe(4);
  });

  it('resizes, pauses and drains by PoolService', async () => {
    const module = await inline();
    const pools = module.get(PoolService);
    await pools.resize('main', 2, { owner: 'a test' });
    expect(pools.snapshot('main')).toMatchObject({ live: 2, override: { size: 2, owner: 'a test' } });
    await pools.auto('main');
    pools.pause('main');
    const waiting = watch(module.get(StagedService).where());
    await new Promise(setImmediate);
    expect([waiting.state, pools.snapshot('main').queueDepth]).toEqual(['pending', 1]);
    pools.resume('main');
    await pools.drain('main');
    expect(waiting.state).toBe('resolved');
    await expect(module.get(StagedService).where()).rejects.toMatchObject({ code: 'DRAINING' });
  });

  it('runs functions of the test in place of tasks, on async pools too', async () => {
    const convert = vi.fn<(amount: number, currency: string) => Promise<number>>(async (amount) => amount + 1);
    const wait = vi.fn<(what: string) => Promise<string>>(async (what) => `faked ${what}`);
    const module = await inline({
      tasks: { main: { 'StagedService.convert': convert }, waiting: { 'StagedService.wait': wait } },
    });
    const service = module.get(StagedService);
    expect(await service.convert(5, 'USD')).toBe(6);
    expect(convert).toHaveBeenCalledExactlyOnceWith(5, 'USD');
    expect(await service.wait('x')).toBe('faked x');
    expect(await service.where()).toBe(true);
  });

  it('leaves async pools what they are', async () => {
    const module = await inline();
    expect(await module.get(StagedService).wait('milk')).toBe('milk, 1');
    expect(() => getTestPool(module, 'waiting')).toThrow("pool 'waiting' was not opened by useInlinePools()");
  });

  it('runs a module of functions, or what the test gives for it', async () => {
    const tasks = new URL('../../fixtures/tasks/basics.js', import.meta.url);
    const pools = { ...POOLS.pools, plain: { tasks, size: { max: 1 }, scaling: false as const } };
    const real = await inline({}, { pools });
    expect(await getTestPool(real, 'plain').run('add', [1, 2])).toBe(3);
    const given = await inline({ tasks: { plain: { add: () => 'given' } } }, { pools });
    expect(await getTestPool(given, 'plain').run('add', [1, 2])).toBe('given');
  });

  it('ticks its autoscalers by the virtual clock, and by the scheduler in real time', async () => {
    const clock = new VirtualClock();
    const pools = { ...POOLS.pools, main: { size: { max: 2 } } };
    const virtual = await inline({ clock }, { pools });
    expect(virtual.get(SchedulerRegistry).getIntervals()).toEqual([]);
    await clock.advance(1_000);
    expect(virtual.get(PoolService).decisions('main')).toMatchObject([{ repeated: 3 }]);
    const real = await inline({}, { pools });
    expect(real.get(SchedulerRegistry).getIntervals()).toEqual(['dynamic-pool:main']);
  });

  it('closes under a virtual clock, whatever still runs', async () => {
    const clock = new VirtualClock();
    const tasks = { main: { 'StagedService.where': () => new Promise(() => {}) } };
    const module = await useInlinePools(builder(), { clock, tasks })
      .setLogger(false as never)
      .compile();
    await module.init();
    const call = watch(module.get(StagedService).where());
    await clock.advance(0);
    await module.close();
    expect(call.error).toMatchObject({ code: 'POOL_CLOSED' });
  });

  it.each([
    ['a clock that is none', { clock: 5 }, 'clock is 5, but must be an object'],
    [
      'a function that is none',
      { tasks: { main: { a: 1 } } },
      "useInlinePools(): tasks.main['a'] is 1, but must be a function",
    ],
    ['options that there are not', { clocks: 1 }, `Did you mean 'clock'?`],
  ])('refuses %s', (_, options, message) => {
    expect(() => useInlinePools(builder(), options as never)).toThrow(message);
  });

  it('refuses functions for a pool that there is not', async () => {
    const error = await rejectionOf(useInlinePools(builder(), { tasks: { mian: {} } }).compile());
    expect(error.message).toContain("useInlinePools(): tasks: there is no pool 'mian'. Did you mean 'main'?");
  });
});

describe('an application whose pools are moved by hand (U8)', () => {
  it('lets the test end the calls of decorated methods', async () => {
    const module = await start(useManualPools(builder()));
    const service = module.get(StagedService);
    const pool = getManualPool(module, 'main');
    const call = service.convert(5, 'USD');
    const task = await pool.workers.next('StagedService.convert');
    expect(task.args).toEqual([5, 'USD']);
    task.complete(42);
    expect(await call).toBe(42);
    expect(service.calls).toBe(0);
    const crashed = rejectionOf(service.where());
    (await pool.workers.next()).crash({ exitCode: 9 });
    expect(await crashed).toMatchObject({ code: 'WORKER_CRASHED', exitCode: 9 });
  });

  it('knows the tasks, and needs to be told those of a module', async () => {
    const module = await start(useManualPools(builder()));
    await expect(getManualPool(module, 'main').run('nope')).rejects.toMatchObject({ code: 'TASK_NOT_FOUND' });
    const tasks = new URL('../../fixtures/tasks/basics.js', import.meta.url);
    const pools = { ...POOLS.pools, plain: { tasks, size: { max: 1 }, scaling: false as const } };
    const error = await rejectionOf(useManualPools(builder({ pools })).compile());
    expect(error.message).toBe(
      "pool 'plain' runs the functions of a module; tell useManualPools() their names: { tasks: { 'plain': [...] } }.",
    );
    const told = await start(useManualPools(builder({ pools }), { tasks: { plain: ['add'] } }));
    const sum = getManualPool(told, 'plain').run('add', [1, 2]);
    (await getManualPool(told, 'plain').workers.next('add')).complete(3);
    expect(await sum).toBe(3);
  });

  it('shares one clock', async () => {
    const clock = new VirtualClock();
    const module = await start(useManualPools(builder(), { clock }));
    expect(getManualPool(module, 'main').clock).toBe(clock);
    expect(() => getTestPool(module, 'main')).toThrow("pool 'main' was not opened by useInlinePools()");
  });
});

it('a stand-in takes the place of an injected pool, and is no pool of the test kit for the application', async () => {
  const main = createFakePool({ 'StagedService.where': () => 'faked' });
  const module = await start(useInlinePools(builder()).overrideProvider(getPoolToken('main')).useValue(main));
  const service = module.get(StagedService);
  expect(await service.pool.run('StagedService.where')).toBe('faked');
  expect(main.calls).toHaveLength(1);
  expect(await service.where()).toBe(true);
  expect(main.calls).toHaveLength(1);
  expect(() => getTestPool(module, 'main')).toThrow('so does one that overrideProvider() puts in its place');
});
