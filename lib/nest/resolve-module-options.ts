import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Type } from '@nestjs/common';
import { resolveBudget, type BudgetOptions } from '../core/budget/resolve-budget.js';
import type { PoolOptions } from '../core/contract/pool-options.js';
import { PoolConfigError } from '../core/errors.js';
import { resolvePoolOptions } from '../core/pool/resolve-options.js';
import { refusal, rejectUnknownKeys, requireObject, requireOneOf } from '../core/validate.js';
import type { DynamicPoolModuleOptions, NestPoolOptions } from './interfaces/module-options.js';
import { resolvePoolCode, type PoolCode } from './pool-code.js';

const MODULE_KEYS = [
  'pools',
  'defaults',
  'budget',
  'configFile',
  'overridesFile',
  'workerLogs',
  'errors',
  'isGlobal',
] as const satisfies readonly (keyof DynamicPoolModuleOptions)[];
const POOL_KEYS = Object.keys({
  kind: true,
  tasks: true,
  size: true,
  queue: true,
  idleExpiryMs: true,
  taskTimeoutMs: true,
  queueTimeoutMs: true,
  abortGraceMs: true,
  inlineBelowUs: true,
  worker: true,
  quarantine: true,
  stats: true,
  scaling: true,
  entry: true,
  workerModule: true,
  roots: true,
} satisfies Record<keyof NestPoolOptions, true>);
const NESTED = ['size', 'queue', 'worker', 'stats'] as const;
/** Paths of the admin API would collide with these, however they are spelled: Express takes no notice of case. */
const RESERVED = ['events', 'ui'];

/** A pool of the application, checked: its core options, and where its threads find the code. */
export interface NestPool {
  readonly options: PoolOptions;
  readonly code: PoolCode;
}

/** Absolute paths; `overridesFile` is `null` where overrides are not kept. */
export interface ConfigFiles {
  readonly file: string;
  readonly overridesFile: string | null;
}

export interface ResolvedModuleOptions {
  readonly pools: ReadonlyMap<string, NestPool>;
  /** Under the options of pools that come later, by `forFeature()`. */
  readonly defaults: NestPoolOptions;
  readonly budget: BudgetOptions | null;
  readonly workerLogs: 'text' | 'fields';
  readonly errors: readonly Type<Error>[];
  /** `null`: no live configuration. */
  readonly config: ConfigFiles | null;
  readonly isGlobal: boolean;
}

/**
 * Checks the options of `forRoot()`, or of `forRootAsync()`'s factory, and fills in the defaults. `source` names them in
 * messages.
 * @throws PoolConfigError that names the pool, the option, the value and what is allowed; before any thread starts.
 */
export function resolveModuleOptions(
  input: DynamicPoolModuleOptions,
  source = 'the options of DynamicPoolModule.forRoot()',
): ResolvedModuleOptions {
  requireObject({ option: source }, input);
  rejectUnknownKeys(source, input, MODULE_KEYS);
  const { isGlobal = true } = input;
  if (typeof isGlobal !== 'boolean') throw refusal({ option: 'isGlobal' }, isGlobal, 'true or false');
  const defaults = requireObject({ option: 'defaults' }, input.defaults ?? {}) as NestPoolOptions;
  rejectUnknownKeys('defaults', defaults, POOL_KEYS);
  const pools = requireObject({ option: 'pools' }, input.pools);
  const resolved = new Map<string, NestPool>();
  for (const [name, pool] of Object.entries(pools)) resolved.set(name, resolvePool(name, pool, defaults));
  const { budget = null } = input;
  if (budget !== null) resolveBudget(budget);
  const workerLogs = requireOneOf({ option: 'workerLogs' }, input.workerLogs ?? 'text', ['text', 'fields']);
  const errors = resolveErrors(input.errors ?? []);
  const config = resolveConfig(input.configFile, input.overridesFile);
  return { pools: resolved, defaults, budget, workerLogs, errors, config, isGlobal };
}

function resolveConfig(configFile: unknown, overridesFile: unknown): ConfigFiles | null {
  if (configFile === undefined) {
    if (overridesFile === undefined || overridesFile === false) return null;
    throw refusal({ option: 'overridesFile' }, overridesFile, 'left out where there is no configFile');
  }
  const file = requireFile('configFile', configFile);
  if (overridesFile === false) return { file, overridesFile: null };
  const { dir, name } = path.parse(file);
  const beside = path.join(dir, `${name}.overrides.json`);
  const kept = overridesFile === undefined ? beside : requireFile('overridesFile', overridesFile);
  if (kept !== file) return { file, overridesFile: kept };
  throw refusal({ option: 'overridesFile' }, overridesFile, 'another file than configFile, which it would replace');
}

function requireFile(option: string, value: unknown): string {
  if (typeof value === 'string' && value.trim() !== '' && !value.startsWith('file:')) return path.resolve(value);
  if (value instanceof URL && value.protocol === 'file:') return fileURLToPath(value);
  throw refusal({ option }, value instanceof URL ? value.href : value, 'the path or the file: URL of a file');
}

/** Checks a pool's options, with `defaults` under them. */
export function resolvePool(name: string, input: unknown, defaults: NestPoolOptions): NestPool {
  const own = requirePoolInput(name, input);
  const { entry, workerModule, roots, ...rest } = merged(name, defaults, own);
  const options = { ...rest, name };
  resolvePoolOptions(options);
  return { options, code: resolvePoolCode(name, { entry, workerModule, roots, ...rest }) };
}

/** What can be told of a pool's options before the defaults are known. */
export function requirePoolInput(name: string, input: unknown): NestPoolOptions {
  refuseReserved(name);
  const own = requireObject({ pool: name, option: 'its options' }, input) as NestPoolOptions;
  rejectUnknownKeys('the pool', own, POOL_KEYS, name);
  return own;
}

export function refuseReserved(name: string): void {
  if (!RESERVED.includes(name.toLowerCase())) return;
  throw new PoolConfigError(`pool '${name}': this name is reserved. Call the pool something else.`, { pool: name });
}

/** The pool's own options win; those that are objects are merged key by key, and so is `scaling` but for `false`. */
function merged(pool: string, defaults: NestPoolOptions, own: NestPoolOptions): NestPoolOptions {
  const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
  const result: Record<string, unknown> = { ...defaults, ...given };
  for (const key of NESTED) {
    if (defaults[key] === undefined || own[key] === undefined) continue;
    result[key] = {
      ...requireObject({ option: `defaults.${key}` }, defaults[key]),
      ...requireObject({ pool, option: key }, own[key]),
    };
  }
  const [common, scaling] = [asOptions(defaults.scaling), asOptions(own.scaling)];
  if (common && scaling) result.scaling = { ...common, ...scaling };
  return result as NestPoolOptions;
}

/** The name of a preset stands for a policy. */
function asOptions(scaling: NestPoolOptions['scaling']): object | null {
  if (typeof scaling === 'string') return { policy: scaling };
  return typeof scaling === 'object' ? scaling : null;
}

function resolveErrors(errors: unknown): readonly Type<Error>[] {
  if (!Array.isArray(errors)) throw refusal({ option: 'errors' }, errors, 'an array of classes that extend Error');
  for (const [index, cls] of errors.entries()) {
    const isErrorClass = typeof cls === 'function' && (cls as Type).prototype instanceof Error;
    if (!isErrorClass) throw refusal({ option: `errors[${index}]` }, cls, 'a class that extends Error');
  }
  return errors as Type<Error>[];
}
