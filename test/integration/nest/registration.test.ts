import { Global, Inject, Injectable, Module, type DynamicModule, type ModuleMetadata } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ScheduleModule } from '@nestjs/schedule';
import { Test } from '@nestjs/testing';
import { threadId } from 'node:worker_threads';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  DynamicPoolModule,
  getPoolToken,
  InjectPool,
  PoolConfigError,
  PoolService,
  type DynamicPoolFactoryOptions,
  type DynamicPoolOptionsFactory,
  type NestPoolOptions,
  type Pool,
} from '../../../lib/index.js';
import { PoolAdminModule } from '../../../lib/entries/admin.js';
import { OrderError } from '../../fixtures/nest/order.error.js';
import { OwnAsyncAppModule, RegisteredService } from '../../fixtures/nest/own-async-app.module.js';
import { PlainService } from '../../fixtures/nest/plain.service.js';
import { failure, startApp } from './support.js';

/** As @nestjs/config has it. */
@Injectable()
class ConfigService {
  constructor(@Inject('VALUES') readonly values: Record<string, number>) {}

  get(key: string): number {
    return this.values[key]!;
  }
}

@Module({})
class ConfigModule {
  static async forRoot(values: Record<string, number>, isGlobal = false): Promise<DynamicModule> {
    const providers = [{ provide: 'VALUES', useValue: values }, ConfigService];
    return { module: ConfigModule, global: isGlobal, providers, exports: [ConfigService] };
  }
}

@Injectable()
class PoolOptionsOfConfig implements DynamicPoolOptionsFactory {
  constructor(readonly config: ConfigService) {}

  async createDynamicPoolOptions(): Promise<DynamicPoolFactoryOptions> {
    return { pools: { main: thread(this.config.get('MAX')) } };
  }
}

const thread = (max = 1): NestPoolOptions => ({ size: { max }, scaling: false });
const slots = (max = 1): NestPoolOptions => ({
  kind: 'async',
  size: { max },
  scaling: false,
  tasks: { echo: (x) => x },
});

function asyncPools(options: DynamicPoolFactoryOptions, isGlobal?: boolean): DynamicModule {
  return DynamicPoolModule.forRootAsync({ pools: Object.keys(options.pools), useFactory: () => options, isGlobal });
}

const names = { provide: 'names', useFactory: (pools: PoolService) => pools.pools(), inject: [PoolService] };
const refusalOf = async (...imports: NonNullable<ModuleMetadata['imports']>) => {
  const error = await failure(startApp({ imports }));
  expect(error).toBeInstanceOf(PoolConfigError);
  return error.message;
};

describe('forRootAsync() (U1)', () => {
  class Consumer {
    constructor(@InjectPool('main') readonly pool: Pool) {}
  }
  const main = { pools: ['main'] };

  test.each<[string, () => Promise<DynamicModule[]>]>([
    [
      'useFactory, with what imports export',
      async () => [
        DynamicPoolModule.forRootAsync({
          ...main,
          imports: [ConfigModule.forRoot({ MAX: 3 })],
          inject: [ConfigService],
          useFactory: async (config: ConfigService) => ({ pools: { main: thread(config.get('MAX')) } }),
        }),
      ],
    ],
    [
      'useFactory, with what is global, or optional and missing',
      async () => [
        await ConfigModule.forRoot({ MAX: 3 }, true),
        DynamicPoolModule.forRootAsync({
          ...main,
          inject: [{ token: 'NOBODY', optional: true }, ConfigService],
          useFactory: (nothing: undefined, config: ConfigService) => ({
            pools: { main: thread(nothing ?? config.get('MAX')) },
          }),
        }),
      ],
    ],
    [
      'useClass, whose constructor injects',
      async () => [
        DynamicPoolModule.forRootAsync({
          ...main,
          imports: [ConfigModule.forRoot({ MAX: 3 })],
          useClass: PoolOptionsOfConfig,
        }),
      ],
    ],
    [
      'useExisting, of a module that provides it',
      async () => {
        @Module({ providers: [PoolOptionsOfConfig], exports: [PoolOptionsOfConfig] })
        class Existing {}
        const config = await ConfigModule.forRoot({ MAX: 3 }, true);
        return [
          config,
          DynamicPoolModule.forRootAsync({ ...main, imports: [Existing], useExisting: PoolOptionsOfConfig }),
        ];
      },
    ],
  ])('takes %s; decorated methods and InjectPool work as with forRoot() (U4)', async (_, imports) => {
    const app = await startApp({ imports: await imports(), providers: [PlainService, Consumer] });
    expect(app.get(PoolService).snapshot('main')).toMatchObject({ max: 3, live: 1 });
    expect(await app.get(PlainService).thread()).not.toBe(threadId);
    expect(app.get(Consumer).pool).toBe(app.get(PoolService).get('main'));
    await app.close();
    expect(app.get(PoolService).snapshot('main').state).toBe('closed');
  });

  test('knows defaults, budget and errors', async () => {
    const pools = { main: {}, spare: { size: { max: 2 } } };
    const common = { defaults: { size: { max: 1 }, scaling: false as const }, budget: { workers: 4 } };
    const app = await startApp({
      imports: [asyncPools({ ...common, pools, errors: [OrderError] })],
      providers: [PlainService],
    });
    const service = app.get(PoolService);
    expect([service.snapshot('main').max, service.snapshot('spare').max]).toEqual([1, 2]);
    expect(service.budget()).toMatchObject({ workers: 4 });
  });

  test('each pool still is an interval in the SchedulerRegistry, and without a scheduler the start fails (U3)', async () => {
    const scaled = asyncPools({ pools: { main: { ...slots(), scaling: 'adaptive' } } });
    const app = await startApp({ imports: [ScheduleModule.forRoot(), scaled] });
    expect(app.get(PoolService).policy('main')).toBe('adaptive');
    expect(await refusalOf(asyncPools({ pools: { main: { ...slots(), scaling: 'adaptive' } } }))).toContain(
      'this application has no scheduler',
    );
  });

  test.each<[string, () => unknown, string]>([
    [
      'throws',
      () => Promise.reject(new Error('no vault')),
      'useFactory failed, so there are no options for the pools: no vault',
    ],
    ['gives other names', () => ({ pools: { mian: slots() } }), "missing: 'main'; surplus: 'mian'"],
  ])(
    'a factory that %s stops the start, and that is the error, whoever needs the pools',
    async (_, factory, message) => {
      const root = DynamicPoolModule.forRootAsync({ pools: ['main'], useFactory: factory as never });
      const feature = { module: class Feature {}, imports: [DynamicPoolModule.forFeature({ more: slots() })] };
      const needy = {
        module: class Needy {},
        imports: [DynamicPoolModule.forFeature({})],
        providers: [Consumer, names],
      };
      expect(await refusalOf(feature, needy, PoolAdminModule.forRoot({ allowUnguarded: true }), root)).toContain(
        message,
      );
    },
  );

  test('a second root is refused, whichever two they are, and no factory is called', async () => {
    let calls = 0;
    const counted = () =>
      DynamicPoolModule.forRootAsync({ pools: ['main'], useFactory: () => (calls++, { pools: { main: slots() } }) });
    expect(await refusalOf(counted(), counted())).toMatch(/DynamicPoolModule\.forRootAsync\(\) stands 2 times/);
    expect(await refusalOf(DynamicPoolModule.forRoot({ pools: { main: slots() } }), counted())).toMatch(
      /DynamicPoolModule\.forRoot\(\) and forRootAsync\(\) stand 2 times/,
    );
    expect(calls).toBe(0);
  });

  test('isGlobal: false keeps the pools to those who import the module; those of features as well', async () => {
    const root = asyncPools({ pools: { main: slots() } }, false);
    const inside = { module: class Inside {}, imports: [root], providers: [Consumer, names] };
    const feature = { module: class Feature {}, imports: [DynamicPoolModule.forFeature({ more: slots() })] };
    const app = await startApp({ imports: [inside, feature] });
    expect(app.get('names')).toEqual(['main', 'more']);
    const outside = { module: class Outside {}, providers: [Consumer] };
    const error = await failure(startApp({ imports: [asyncPools({ pools: { main: slots() } }, false), outside] }));
    expect(error.message).toContain('DYNAMIC_POOL:main');
  });

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
});

describe('forFeature() (U1)', () => {
  const roots: [string, (options: DynamicPoolFactoryOptions) => DynamicModule][] = [
    ['forRoot()', (options) => DynamicPoolModule.forRoot(options)],
    ['forRootAsync()', (options) => asyncPools(options)],
  ];

  test.each(roots)(
    'adds pools to those of %s: injected, routed to, started and drained with them (U4)',
    async (_, root) => {
      @Module({ imports: [DynamicPoolModule.forFeature({ main: {} })], providers: [PlainService, names] })
      class Feature {
        constructor(@InjectPool('main') readonly pool: Pool) {}
      }
      const defaults = { size: { max: 1 }, scaling: false as const };
      const app = await startApp({
        imports: [Feature, root({ defaults, budget: { workers: 3 }, pools: { base: {} } })],
      });
      const pools = app.get(PoolService);
      expect(app.get('names')).toEqual(['base', 'main']);
      expect(pools.snapshot('main')).toMatchObject({ max: 1, live: 1 });
      expect(pools.budget()!.pools.map(({ name }) => name)).toEqual(['base', 'main']);
      expect(await app.get(PlainService).thread()).not.toBe(threadId);
      expect(app.get(Feature).pool).toBe(pools.get('main'));
      await app.close();
      expect(pools.snapshot('main')).toMatchObject({ state: 'closed', size: 0 });
    },
  );

  test('one pool that several modules add is one: the same module, the same options, equal ones', async () => {
    const tasks = () => new URL('../../fixtures/nest/functions.js', import.meta.url);
    const shared = { size: { max: 1 }, scaling: false, tasks: tasks() } as const;
    const once = DynamicPoolModule.forFeature({ main: shared });
    const one = { module: class One {}, imports: [once] };
    const two = {
      module: class Two {},
      imports: [once, DynamicPoolModule.forFeature({ main: shared, more: slots() })],
    };
    const equal = DynamicPoolModule.forFeature({ main: { ...shared, size: { max: 1 }, tasks: tasks() } });
    const three = { module: class Three {}, imports: [equal], providers: [names] };
    const app = await startApp({ imports: [one, two, three, DynamicPoolModule.forRoot({ pools: {} })] });
    expect(app.get('names')).toEqual(['main', 'more']);
    expect(app.get(PoolService).snapshot('main').size).toBe(1);
  });

  test('two pools of one name are refused, naming both places', async () => {
    class Weighing {
      readonly #size: number;
      constructor(size: number) {
        this.#size = size;
      }
      decide = () => ({ target: this.#size, why: '' });
    }
    const feature = (name: string, options: NestPoolOptions) => ({
      module: { [name]: class {} }[name]!,
      imports: [DynamicPoolModule.forFeature({ main: options })],
    });
    const root = (pools = {}) => DynamicPoolModule.forRoot({ pools });
    const twice = "pool 'main' is given twice";
    expect(await refusalOf(feature('Orders', slots(1)), feature('Users', slots(2)), root())).toContain(
      `${twice}, with different options: by forFeature() in Orders and by forFeature() in Users.`,
    );
    expect(await refusalOf(feature('Orders', slots()), root({ main: slots() }))).toContain(
      `${twice}: by forRoot() and by forFeature() in Orders.`,
    );
    expect(await refusalOf(feature('Orders', slots()), asyncPools({ pools: { main: slots() } }))).toContain(
      `${twice}: by forRootAsync() and by forFeature() in Orders.`,
    );
    // What cannot be compared is not the same.
    const weighing = (size: number) => ({ ...slots(), scaling: { policy: { decider: new Weighing(size) as never } } });
    expect(await refusalOf(feature('Orders', weighing(1)), feature('Users', weighing(2)), root())).toContain(twice);
    const at = (file: string) => ({ roots: [new URL(`file:///${file}`)] });
    expect(await refusalOf(feature('Orders', at('tmp')), feature('Users', at('usr')), root())).toContain(twice);
  });

  test('needs a root, and says so, whether anybody injects or not', async () => {
    const message = 'but this application has no DynamicPoolModule.forRoot() or forRootAsync() to open them';
    expect(await refusalOf(DynamicPoolModule.forFeature({ main: slots() }))).toContain(`(main), ${message}`);
    expect(await refusalOf(DynamicPoolModule.forFeature({}))).toContain(`(none), ${message}`);
  });

  test('options that are wrong under the defaults of the root stop the start', async () => {
    const feature = DynamicPoolModule.forFeature({ main: { size: { min: 3 } } });
    const root = DynamicPoolModule.forRoot({ defaults: { size: { max: 2 }, scaling: false }, pools: {} });
    expect(await refusalOf(feature, root)).toContain("pool 'main': size.min is 3, but must be at most size.max");
  });

  test('in a module that re-exports it, the pool can be injected by those who import that', async () => {
    @Module({ imports: [DynamicPoolModule.forFeature({ main: slots() })], exports: [DynamicPoolModule] })
    class Shared {}
    const pool = { provide: 'pool', useFactory: (main: Pool) => main.name, inject: [getPoolToken('main')] };
    const root = DynamicPoolModule.forRoot({ pools: {} });
    const app = await startApp({ imports: [root, { module: class User {}, imports: [Shared], providers: [pool] }] });
    expect(app.get('pool')).toBe('main');
    const other = { module: class Other {}, providers: [pool] };
    await expect(startApp({ imports: [root, Shared, other] })).rejects.toThrow('DYNAMIC_POOL:main');
  });

  test('a module that is loaded later cannot add a pool', async () => {
    const { LazyModuleLoader } = await import('@nestjs/core');
    const app = await startApp({ imports: [DynamicPoolModule.forRoot({ pools: {} })] });
    const late = { module: class Late {}, imports: [DynamicPoolModule.forFeature({ main: slots() })] };
    await expect(app.get(LazyModuleLoader).load(() => late)).rejects.toThrow(
      "pool 'main': DynamicPoolModule.forFeature() stands in a module that was loaded after the start",
    );
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
