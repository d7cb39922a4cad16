import type { CanActivate, ExecutionContext, ModuleMetadata, Type } from '@nestjs/common';
import type { AdminRole } from '../core/contract/operation.js';
import { PoolConfigError } from '../core/errors.js';
import { refusal, rejectUnknownKeys, requireInteger, requireObject } from '../core/validate.js';

/** How often one client address may ask, for each role. */
export interface AdminRateLimit {
  /** Changes and dry runs, allowed or refused, a minute. Default 120. */
  readonly changesPerMinute?: number;
  /** Everything else a minute; a stream of events counts once. Default 1,200. */
  readonly readsPerMinute?: number;
}

/** Options of `PoolAdminModule.forRoot()`. */
export interface PoolAdminOptions {
  /** Where the routes stand, below the application's global prefix. Default `pools`. */
  readonly path?: string;
  /**
   * Who asks? Run in this order, before `role`. Classes, built by Nest: what they inject must be global, or exported by
   * a module of `imports`.
   */
  readonly guards?: readonly Type<CanActivate>[];
  /** What may they do? `null`: nothing (403). Whatever it throws is a refusal as well. Required with `guards`. */
  readonly role?: (context: ExecutionContext) => AdminRole | null | Promise<AdminRole | null>;
  /**
   * Without guards, for a machine of one's own: answers only what comes over the loopback interface, and everybody
   * there is an operator unless `role` says otherwise. Default `false`.
   */
  readonly allowUnguarded?: boolean;
  /** Whether `GET /pools/ui` has the page. Default `true`. */
  readonly ui?: boolean;
  /** Modules that export what the guards inject. */
  readonly imports?: ModuleMetadata['imports'];
  /** Who makes a change, as snapshots and the audit line tell it. Wins over `owner` of a body, which anybody can write. */
  readonly owner?: (context: ExecutionContext) => string | undefined;
  /** Other origins whose pages may ask, such as `https://ops.example.com`. Default: none. */
  readonly origins?: readonly string[];
  /** `false`: no limit. */
  readonly rateLimit?: AdminRateLimit | false;
}

export interface ResolvedAdminOptions extends Pick<PoolAdminOptions, 'owner'> {
  readonly path: string;
  readonly guards: readonly Type<CanActivate>[];
  readonly role: NonNullable<PoolAdminOptions['role']>;
  readonly isUnguarded: boolean;
  readonly ui: boolean;
  readonly imports: NonNullable<ModuleMetadata['imports']>;
  readonly origins: ReadonlySet<string>;
  readonly rateLimit: Required<AdminRateLimit> | null;
}

const KEYS = Object.keys({
  path: true,
  guards: true,
  role: true,
  allowUnguarded: true,
  ui: true,
  imports: true,
  owner: true,
  origins: true,
  rateLimit: true,
} satisfies Record<keyof PoolAdminOptions, true>);
const PATH = /^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*$/;
const MOST_PER_MINUTE = 1_000_000;

/**
 * Checks the options of `PoolAdminModule.forRoot()` and fills in the defaults.
 * @throws PoolConfigError that says what to do, above all where nothing guards the routes.
 */
export function resolveAdminOptions(input: unknown): ResolvedAdminOptions {
  const options = requireObject(
    { option: 'the options of PoolAdminModule.forRoot()' },
    input ?? {},
  ) as PoolAdminOptions;
  rejectUnknownKeys('PoolAdminModule.forRoot()', options, KEYS);
  const guards = requireGuards(options.guards ?? []);
  const isUnguarded = requireFlag('allowUnguarded', options.allowUnguarded ?? false) && guards.length === 0;
  if (guards.length === 0 && !isUnguarded) throw unguarded();
  if (guards.length > 0 && options.role === undefined) throw roleless();
  const { role = () => 'operator' as const, owner } = options;
  for (const [option, value] of Object.entries({ role, owner })) {
    if (value !== undefined && typeof value !== 'function') throw refusal({ option }, value, 'a function');
  }
  const imports: unknown = options.imports ?? [];
  if (!Array.isArray(imports)) throw refusal({ option: 'imports' }, imports, 'an array of modules');
  return {
    path: requirePath(options.path ?? 'pools'),
    guards,
    role,
    isUnguarded,
    ui: requireFlag('ui', options.ui ?? true),
    imports,
    owner,
    origins: requireOrigins(options.origins ?? []),
    rateLimit: requireRateLimit(options.rateLimit ?? {}),
  };
}

function unguarded(): PoolConfigError {
  return new PoolConfigError(
    'PoolAdminModule.forRoot() has no guards, so anybody could resize and pause the pools. Give it guards: [YourGuard] and role: (context) => …, or allowUnguarded: true, which answers on the loopback interface only.',
  );
}

function roleless(): PoolConfigError {
  return new PoolConfigError(
    "PoolAdminModule.forRoot() has guards but no role. Tell it what those they let in may do: role: (context) => 'viewer', 'operator' or null.",
  );
}

function requireGuards(guards: unknown): readonly Type<CanActivate>[] {
  if (!Array.isArray(guards)) throw refusal({ option: 'guards' }, guards, 'an array of guard classes');
  for (const [index, guard] of guards.entries()) {
    const isGuard = typeof guard === 'function' && typeof (guard as Type).prototype?.canActivate === 'function';
    if (!isGuard) throw refusal({ option: `guards[${index}]` }, guard, 'a class with canActivate()');
  }
  return guards as Type<CanActivate>[];
}

function requirePath(path: unknown): string {
  const bare = typeof path === 'string' ? path.replace(/^\/|\/$/g, '') : '';
  if (PATH.test(bare)) return bare;
  throw refusal({ option: 'path' }, path, "a path of letters, digits, '-' and '_', such as 'pools' or 'ops/pools'");
}

function requireFlag(option: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw refusal({ option }, value, 'true or false');
}

function requireOrigins(origins: unknown): ReadonlySet<string> {
  if (!Array.isArray(origins)) throw refusal({ option: 'origins' }, origins, 'an array of origins');
  for (const [index, origin] of origins.entries()) {
    const isOrigin = typeof origin === 'string' && URL.canParse(origin) && new URL(origin).origin === origin;
    if (!isOrigin)
      throw refusal({ option: `origins[${index}]` }, origin, "an origin such as 'https://ops.example.com'");
  }
  return new Set(origins as string[]);
}

function requireRateLimit(input: unknown): Required<AdminRateLimit> | null {
  if (input === false) return null;
  const limit = requireObject({ option: 'rateLimit' }, input);
  rejectUnknownKeys('rateLimit', limit, ['changesPerMinute', 'readsPerMinute']);
  const { changesPerMinute = 120, readsPerMinute = 1_200 } = limit;
  return {
    changesPerMinute: requireInteger({ option: 'rateLimit.changesPerMinute' }, changesPerMinute, 1, MOST_PER_MINUTE),
    readsPerMinute: requireInteger({ option: 'rateLimit.readsPerMinute' }, readsPerMinute, 1, MOST_PER_MINUTE),
  };
}
