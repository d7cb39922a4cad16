import { Module, type DynamicModule } from '@nestjs/common';
import { LazyModuleLoader } from '@nestjs/core';
import { threadId } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import {
  DynamicPoolModule,
  getPoolToken,
  InjectPool,
  PoolService,
  type DynamicPoolFactoryOptions,
  type NestPoolOptions,
  type Pool,
} from '../../../lib/index.js';
import { PlainService } from '../../fixtures/nest/plain.service.js';
import { asyncPools, names, refusalOf, slots } from './registration-support.js';
import { startApp } from './support.js';

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
    const app = await startApp({ imports: [DynamicPoolModule.forRoot({ pools: {} })] });
    const late = { module: class Late {}, imports: [DynamicPoolModule.forFeature({ main: slots() })] };
    await expect(app.get(LazyModuleLoader).load(() => late)).rejects.toThrow(
      "pool 'main': DynamicPoolModule.forFeature() stands in a module that was loaded after the start",
    );
  });
});
