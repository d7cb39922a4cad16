import { Inject, Injectable, Module, Scope, type DynamicModule } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { threadId } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import {
  DynamicPoolModule,
  InjectPool,
  PoolService,
  type DynamicPoolFactoryOptions,
  type DynamicPoolOptionsFactory,
  type Pool,
} from '../../../lib/index.js';
import { PoolAdminModule } from '../../../lib/entries/admin.js';
import { Clock, InjectedService, Settings } from '../../fixtures/nest/injected.service.js';
import { OrderError } from '../../fixtures/nest/order.error.js';
import { PlainService } from '../../fixtures/nest/plain.service.js';
import { asyncPools, names, refusalOf, slots, thread } from './registration-support.js';
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
    const providers = [InjectedService, Settings, Clock];
    const common = { defaults: { size: { max: 1 }, scaling: false as const }, budget: { workers: 4 } };
    const app = await startApp({ imports: [asyncPools({ ...common, pools, errors: [OrderError] })], providers });
    const service = app.get(PoolService);
    expect([service.snapshot('main').max, service.snapshot('spare').max]).toEqual([1, 2]);
    expect(service.budget()).toMatchObject({ workers: 4 });
    expect(await failure(app.get(InjectedService).order('a7'))).toBeInstanceOf(OrderError);
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
});

test('a factory that needs a pool to make the pools is refused by Nest as circular, not left to hang', async () => {
  @Injectable()
  class Chicken {
    constructor(@InjectPool('main') readonly egg: Pool) {}
  }
  @Module({ imports: [], providers: [Chicken], exports: [Chicken] })
  class Coop {}
  const root = DynamicPoolModule.forRootAsync({
    pools: ['main'],
    imports: [Coop],
    inject: [Chicken],
    useFactory: () => ({ pools: { main: slots() } }),
  });
  expect((await failure(startApp({ imports: [root] }))).message).toMatch(/circular|undefined/i);
});

test('options made from what is of request scope stop the start, and do not leave an application without pools (U1)', async () => {
  @Injectable({ scope: Scope.REQUEST })
  class Tenant {}
  @Injectable()
  class Limits {
    constructor(readonly tenant: Tenant) {}
  }
  const imports = [{ module: class Tenants {}, providers: [Tenant, Limits], exports: [Tenant, Limits] }];
  const useFactory = () => ({ pools: { main: slots() } });
  const root = (inject: [typeof Tenant | typeof Limits]) =>
    DynamicPoolModule.forRootAsync({ pools: ['main'], imports, inject, useFactory });
  expect(await refusalOf(root([Tenant]))).toContain('of request scope, or is given something that is: Tenant.');
  expect(await refusalOf(root([Limits]))).toContain('of request scope, or is given something that is: Limits.');

  @Injectable({ scope: Scope.REQUEST })
  class TenantOptions implements DynamicPoolOptionsFactory {
    createDynamicPoolOptions = useFactory;
  }
  const byClass = DynamicPoolModule.forRootAsync({ pools: ['main'], useClass: TenantOptions });
  expect(await refusalOf(byClass)).toContain('given something that is: TenantOptions.');
});
