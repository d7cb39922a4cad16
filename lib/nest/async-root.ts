import type { FactoryProvider, ModuleMetadata, Provider, Type } from '@nestjs/common';
import { PoolConfigError } from '../core/errors.js';
import { refusal, rejectUnknownKeys, requireObject } from '../core/validate.js';
import type { DynamicPoolModuleAsyncOptions, DynamicPoolOptionsFactory } from './interfaces/async-options.js';
import type { DynamicPoolModuleOptions } from './interfaces/module-options.js';
import type { PoolRoot } from './pool-root.js';
import { refuseReserved, resolveModuleOptions, type ResolvedModuleOptions } from './resolve-module-options.js';

const CALL = 'DynamicPoolModule.forRootAsync()';
const WAYS = ['useFactory', 'useClass', 'useExisting'] as const;
const KEYS = ['pools', ...WAYS, 'inject', 'imports', 'isGlobal'];

type Way = (typeof WAYS)[number];

/**
 * Checks the options of `forRootAsync()`; those that its factory gives are checked when the application starts.
 * @throws PoolConfigError that names the option, the value and what is allowed.
 */
export function asyncRoot(input: DynamicPoolModuleAsyncOptions): Omit<PoolRoot, 'serial'> {
  const options = requireObject({ option: `the options of ${CALL}` }, input);
  rejectUnknownKeys(CALL, options, KEYS);
  const { isGlobal = true } = options;
  if (typeof isGlobal !== 'boolean') throw refusal({ option: 'isGlobal' }, isGlobal, 'true or false');
  const pools = requireNames(options.pools);
  const way = requireOneWay(options);
  const imports = requireArray('imports', options.imports) as ModuleMetadata['imports'];
  const { inject, ask, providers } = factoryOf(way, options);
  const source = `what ${way} of ${CALL} gives`;
  return {
    call: 'forRootAsync()',
    pools,
    isGlobal,
    imports,
    providers,
    inject,
    options: async (...dependencies) => {
      const given = await asked(way, () => ask(...dependencies));
      return resolveGiven(given, source, pools, isGlobal);
    },
  };
}

interface OptionsFactory {
  readonly inject: FactoryProvider['inject'];
  readonly providers: readonly Provider[];
  readonly ask: (...dependencies: unknown[]) => unknown;
}

function factoryOf(way: Way, options: Readonly<Record<string, unknown>>): OptionsFactory {
  const given = options[way];
  if (typeof given !== 'function') {
    throw refusal({ option: way }, given, way === 'useFactory' ? 'a function' : 'a class');
  }
  if (way === 'useFactory') {
    const inject = requireArray('inject', options.inject) as FactoryProvider['inject'];
    return { inject, providers: [], ask: given as OptionsFactory['ask'] };
  }
  if (options.inject !== undefined) {
    throw refusal({ option: 'inject' }, options.inject, `left out with ${way}: a class injects by its constructor`);
  }
  const cls = given as Type<DynamicPoolOptionsFactory>;
  const providers = way === 'useClass' ? [cls] : [];
  return { inject: [cls], providers, ask: (instance) => createBy(way, cls, instance) };
}

function createBy(way: Way, cls: Type, instance: unknown): unknown {
  const create: unknown = (instance as Partial<DynamicPoolOptionsFactory> | null)?.createDynamicPoolOptions;
  if (typeof create === 'function') return (instance as DynamicPoolOptionsFactory).createDynamicPoolOptions();
  throw new PoolConfigError(
    `${CALL}: ${way} is ${cls.name}, which has no method createDynamicPoolOptions(). Let it implement DynamicPoolOptionsFactory.`,
    { option: way },
  );
}

/** What the factory gives; what it throws becomes the reason why the application does not start. */
async function asked(way: Way, ask: () => unknown): Promise<unknown> {
  try {
    return await ask();
  } catch (cause) {
    if (cause instanceof PoolConfigError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PoolConfigError(`${CALL}: ${way} failed, so there are no options for the pools: ${reason}`, {
      option: way,
      cause,
    });
  }
}

function resolveGiven(
  given: unknown,
  source: string,
  pools: readonly string[],
  isGlobal: boolean,
): ResolvedModuleOptions {
  const options = requireObject({ option: source }, given);
  if (options.isGlobal !== undefined && options.isGlobal !== isGlobal) {
    throw refusal({ option: 'isGlobal' }, options.isGlobal, `left out of ${source}; it stands beside the factory`);
  }
  const resolved = resolveModuleOptions({ ...options, isGlobal } as DynamicPoolModuleOptions, source);
  refuseOtherNames(source, pools, [...resolved.pools.keys()]);
  return resolved;
}

function refuseOtherNames(source: string, expected: readonly string[], names: readonly string[]): void {
  const missing = expected.filter((name) => !names.includes(name));
  const surplus = names.filter((name) => !expected.includes(name));
  if (missing.length === 0 && surplus.length === 0) return;
  const told = [
    ...(missing.length > 0 ? [`missing: ${quoted(missing)}`] : []),
    ...(surplus.length > 0 ? [`surplus: ${quoted(surplus)}`] : []),
  ];
  throw new PoolConfigError(
    `${source} has other pools than the option pools names; ${told.join('; ')}. Both must have the same names: Nest must know what can be injected before it asks.`,
    { option: 'pools' },
  );
}

function requireNames(pools: unknown): readonly string[] {
  const place = { option: `pools of ${CALL}` };
  if (!Array.isArray(pools)) throw refusal(place, pools, 'an array of the names that the factory gives options for');
  for (const [index, name] of pools.entries()) {
    const one = { option: `pools[${index}] of ${CALL}` };
    if (typeof name !== 'string' || name === '') throw refusal(one, name, 'the name of a pool');
    if (pools.indexOf(name) < index) throw refusal(one, name, 'a name that is not in the list already');
    refuseReserved(name);
  }
  return [...(pools as string[])];
}

function requireOneWay(options: Readonly<Record<string, unknown>>): Way {
  const given = WAYS.filter((way) => options[way] !== undefined);
  if (given.length === 1) return given[0]!;
  throw new PoolConfigError(
    given.length === 0
      ? `${CALL} is told no way to the options. Give it one of useFactory, useClass and useExisting.`
      : `${CALL}: ${given.join(' and ')} each say where the options come from. Keep one of them.`,
  );
}

function requireArray(option: string, value: unknown): unknown[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value as unknown[];
  throw refusal({ option: `${option} of ${CALL}` }, value, 'an array');
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ');
}
