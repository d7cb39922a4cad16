import type { FactoryProvider } from '@nestjs/common';
import { describe, expect, test } from 'vitest';
import { DynamicPoolModule, PoolConfigError, type DynamicPoolModuleAsyncOptions } from '../../../lib/index.js';
import { asyncRoot } from '../../../lib/nest/async-root.js';
import { featureModule, poolFeature } from '../../../lib/nest/pool-feature.js';
import { resolveModuleOptions } from '../../../lib/nest/resolve-module-options.js';
import { FEATURE_DIRECTORY } from '../../../lib/nest/tokens.js';

class Options {
  createDynamicPoolOptions() {
    return { pools: {} };
  }
}

const useFactory = () => ({ pools: {} });
const options = (given: unknown) => given as DynamicPoolModuleAsyncOptions;

describe('forRootAsync() refuses at once (U1)', () => {
  test.each<[unknown, string]>([
    [undefined, 'the options of DynamicPoolModule.forRootAsync() is undefined, but must be an object'],
    [{ pools: [], usefactory: useFactory }, 'has no option "usefactory". Did you mean \'useFactory\'?'],
    [{ pools: [], defaults: {}, useFactory }, 'DynamicPoolModule.forRootAsync() has no option "defaults"'],
    [{ useFactory }, 'pools of DynamicPoolModule.forRootAsync() is undefined, but must be an array of the names'],
    [{ pools: { images: {} }, useFactory }, 'is an object, but must be an array of the names'],
    [
      { pools: ['a', 1], useFactory },
      'pools[1] of DynamicPoolModule.forRootAsync() is 1, but must be the name of a pool',
    ],
    [{ pools: [''], useFactory }, 'pools[0] of DynamicPoolModule.forRootAsync() is ""'],
    [
      { pools: ['a', 'b', 'a'], useFactory },
      'pools[2] of DynamicPoolModule.forRootAsync() is "a", but must be a name that',
    ],
    [{ pools: ['ui'], useFactory }, "pool 'ui': this name is reserved"],
    [{ pools: [] }, 'Give it one of useFactory, useClass and useExisting'],
    [{ pools: [], useFactory, useClass: Options }, 'useFactory and useClass each say where the options come from'],
    [{ pools: [], useFactory: { pools: {} } }, 'useFactory is an object, but must be a function'],
    [{ pools: [], useExisting: 'TOKEN' }, 'useExisting is "TOKEN", but must be a class'],
    [{ pools: [], useClass: Options, inject: [] }, 'inject is an array, but must be left out with useClass'],
    [{ pools: [], useFactory, inject: Options }, 'inject of DynamicPoolModule.forRootAsync() is function Options'],
    [{ pools: [], useFactory, imports: Options }, 'imports of DynamicPoolModule.forRootAsync() is function Options'],
    [{ pools: [], useFactory, isGlobal: 1 }, 'isGlobal is 1, but must be true or false'],
  ])('%o', (given, message) => {
    expect(() => DynamicPoolModule.forRootAsync(options(given))).toThrow(PoolConfigError);
    expect(() => DynamicPoolModule.forRootAsync(options(given))).toThrow(message);
  });
});

describe('what the factory of forRootAsync() gives', () => {
  const given = async (result: unknown, pools: string[] = []) =>
    asyncRoot(options({ pools, useFactory: () => result })).options();

  test('is checked and filled in as the options of forRoot() are (U1)', async () => {
    const same = { defaults: { size: { min: 2, max: 4 } }, budget: { workers: 8 }, pools: { a: { queue: {} }, b: {} } };
    expect(await given(same, ['b', 'a'])).toEqual(resolveModuleOptions(same));
  });

  test.each<[unknown, string[], string]>([
    [undefined, [], 'what useFactory of DynamicPoolModule.forRootAsync() gives is undefined, but must be an object'],
    [{ pools: {}, poolz: 1 }, [], 'gives has no option "poolz". Did you mean \'pools\'?'],
    [{ pools: { a: { size: { max: 0 } } } }, ['a'], "pool 'a': size.max is 0"],
    [{ pools: {}, isGlobal: false }, [], 'isGlobal is false, but must be left out of what useFactory'],
    [{ pools: {} }, ['a', 'b'], "other pools than the option pools names; missing: 'a', 'b'. Both"],
    [{ pools: { a: {}, c: {} } }, ['a'], "names; surplus: 'c'. Both"],
    [{ pools: { imgaes: {} } }, ['images'], "missing: 'images'; surplus: 'imgaes'."],
  ])('is refused: %o for %o', async (result, pools, message) => {
    const refused = given(result, pools);
    await expect(refused).rejects.toThrow(PoolConfigError);
    await expect(refused).rejects.toThrow(message);
  });

  test('may say isGlobal as the call does', async () => {
    const root = asyncRoot(options({ pools: [], isGlobal: false, useFactory: () => ({ pools: {}, isGlobal: false }) }));
    expect(await root.options()).toMatchObject({ isGlobal: false });
  });

  test('what it throws becomes a PoolConfigError with the cause; one of its own stays', async () => {
    const failing = (cause: unknown) =>
      asyncRoot(options({ pools: [], useFactory: async () => Promise.reject(cause) })).options() as Promise<unknown>;
    const cause = new Error('no vault');
    await expect(failing(cause)).rejects.toThrow(PoolConfigError);
    await expect(failing(cause)).rejects.toMatchObject({
      message: expect.stringContaining('useFactory failed, so there are no options for the pools: no vault'),
      cause,
    });
    await expect(failing('a text')).rejects.toThrow('for the pools: a text');
    const own = new PoolConfigError('mine');
    await expect(failing(own)).rejects.toBe(own);
  });

  test('a class without the method is told which', async () => {
    class Empty {}
    const root = asyncRoot(options({ pools: [], useClass: Empty }));
    await expect(root.options(new Empty()) as Promise<unknown>).rejects.toThrow(
      'useClass is Empty, which has no method createDynamicPoolOptions(). Let it implement DynamicPoolOptionsFactory.',
    );
  });
});

describe('forFeature() refuses at once', () => {
  test.each<[unknown, string]>([
    [undefined, 'the pools of DynamicPoolModule.forFeature() is undefined, but must be an object'],
    [{ events: {} }, "pool 'events': this name is reserved"],
    [{ a: null }, "pool 'a': its options is null"],
    [{ a: { sise: {} } }, "pool 'a': the pool has no option \"sise\". Did you mean 'size'?"],
    [{ pools: { a: {} } }, 'pool \'pools\': the pool has no option "a"'],
  ])('%o', (pools, message) => {
    expect(() => DynamicPoolModule.forFeature(pools as never)).toThrow(PoolConfigError);
    expect(() => DynamicPoolModule.forFeature(pools as never)).toThrow(message);
  });
});

test('a feature whose root failed says nothing of its own: the error of the root is the one to read', async () => {
  const { providers = [] } = featureModule(DynamicPoolModule, poolFeature({ a: {} }));
  const isDirectory = (provider: unknown) => (provider as FactoryProvider).provide === FEATURE_DIRECTORY;
  const { useFactory } = providers.find(isDirectory) as FactoryProvider<Promise<unknown>>;
  const undecided = new Promise((resolve) => setImmediate(resolve, 'undecided'));
  expect(await Promise.race([useFactory(undefined, 'forRoot()'), undecided])).toBe('undecided');
  expect(() => useFactory()).toThrow('has no DynamicPoolModule.forRoot() or forRootAsync() to open them');
});
