import { PoolConfigError } from '../../core/errors.js';

/** What Nest's UnknownDependenciesException tells. */
interface UnknownDependency {
  readonly type: string | symbol;
  readonly context: {
    readonly index?: number;
    readonly key?: string | symbol;
    readonly name?: unknown;
    readonly dependencies?: readonly unknown[];
  };
}

/** Where the class stands, and what to do about it. */
export interface Explanation {
  readonly where: string;
  readonly wayOut: string;
}

/** The error for a class that Nest could not build: what was looked for, for whom, and the ways out. Others pass. */
export function explained(pool: string, error: unknown, explain: (className: string) => Explanation): unknown {
  if (!isUnknownDependency(error)) return error;
  const className = String(error.type);
  const { where, wayOut } = explain(className);
  const subject = where.startsWith(className) ? where : `${className} of ${where}`;
  return new PoolConfigError(`pool '${pool}': a worker cannot build ${subject}: ${wanted(error.context)}. ${wayOut}.`, {
    pool,
    cause: error,
  });
}

function isUnknownDependency(error: unknown): error is Error & UnknownDependency {
  return error instanceof Error && 'type' in error && typeof (error as { context?: unknown }).context === 'object';
}

function wanted({ index, key, name, dependencies }: UnknownDependency['context']): string {
  const place = index === undefined ? `its property '${String(key)}'` : `argument ${index} of its constructor`;
  const token = nameOf(name ?? (index === undefined ? undefined : dependencies?.[index]));
  if (token !== null) return `nothing provides ${token}, ${place}`;
  return `what to inject for ${place} is not known at run time (an interface, an 'import type', or files that import each other)`;
}

function nameOf(token: unknown): string | null {
  if (typeof token === 'function') return token === Object ? null : token.name;
  return token === undefined || token === null ? null : `'${String(token)}'`;
}
