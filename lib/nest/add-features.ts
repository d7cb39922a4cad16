import type { ModulesContainer } from '@nestjs/core';
import { PoolConfigError } from '../core/errors.js';
import type { NestPoolOptions } from './interfaces/module-options.js';
import type { PoolFeature } from './pool-feature.js';
import { resolvePool, type ResolvedModuleOptions } from './resolve-module-options.js';
import { POOL_FEATURE } from './tokens.js';

type Module = ModulesContainer extends Map<string, infer M> ? M : never;

interface Added {
  readonly options: NestPoolOptions;
  readonly place: string;
}

/**
 * The pools of the root, told of as `call`, and those of every `forFeature()` in the application, which take the root's
 * defaults. A pool that several add with the same options is one.
 * @throws PoolConfigError for two pools of one name, naming both places.
 */
export function addFeatures(
  root: ResolvedModuleOptions,
  modules: ModulesContainer,
  call: string,
): ResolvedModuleOptions {
  const pools = new Map(root.pools);
  const added = new Map<string, Added>();
  for (const module of modules.values()) {
    const feature = module.providers.get(POOL_FEATURE)?.instance as PoolFeature | undefined;
    for (const [name, options] of feature?.pools ?? []) {
      const place = placeOf(module, modules);
      const first = added.get(name);
      if (!first && pools.has(name)) throw inRoot(name, place, call);
      if (first && !isSame(first.options, options)) throw twoPools(name, first.place, place);
      if (first) continue;
      added.set(name, { options, place });
      pools.set(name, resolvePool(name, options, root.defaults));
    }
  }
  return { ...root, pools };
}

/** The modules that import it say where it stands. */
function placeOf(feature: Module, modules: ModulesContainer): string {
  const importers = [...modules.values()].filter(({ imports }) => imports.has(feature)).map(({ name }) => name);
  return `forFeature() in ${importers.join(' and ')}`;
}

/** Plain objects, arrays and URLs by what is in them, all else by identity: of a decider, say, one cannot see the inside. */
function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (one instanceof URL && other instanceof URL) return one.href === other.href;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => isSame(item, other[index]));
  }
  if (!isPlain(one) || !isPlain(other)) return false;
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every((key) => isSame(one[key], other[key]));
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function inRoot(name: string, place: string, call: string): PoolConfigError {
  return new PoolConfigError(
    `pool '${name}' is given twice: by ${call} and by ${place}. Take it out of one of them, or call one of the pools something else.`,
    { pool: name },
  );
}

function twoPools(name: string, first: string, second: string): PoolConfigError {
  return new PoolConfigError(
    `pool '${name}' is given twice, with different options: by ${first} and by ${second}. Call one of the pools something else, or let both take the same options, from a constant say.`,
    { pool: name },
  );
}
