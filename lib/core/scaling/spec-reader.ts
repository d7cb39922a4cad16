import type { PoolConfigError } from '../errors.js';
import {
  refusal,
  rejectUnknownKeys,
  requireDuration,
  requireInteger,
  requireObject,
  requireOneOf,
  type Place,
} from '../validate.js';
import { DEFAULT_OBJECTIVE_MS, DEFAULT_TICK_MS, type PolicyContext } from './policy-context.js';
import { requireSignalName } from './signals/signal-names.js';

/** Bounds of a number, each of them optional. `above` and `below` exclude the bound itself. */
export interface Range {
  readonly above?: number;
  readonly from?: number;
  readonly to?: number;
  readonly below?: number;
}

/** Largest number of workers that an option may speak of: the most a pool can have. */
const MOST_WORKERS = 1_024;

/**
 * Reads the options of one part of a policy, and refuses what does not fit. An option with no fallback is required.
 * Every method throws PoolConfigError, which names the pool, the option, its value and what is allowed.
 */
export class SpecReader {
  readonly #spec: Readonly<Record<string, unknown>>;
  readonly tickMs: number;
  readonly objectiveMs: number;

  constructor(
    spec: unknown,
    readonly place: Place,
    readonly context: PolicyContext,
  ) {
    this.#spec = requireObject(place, spec);
    this.tickMs = context.tickMs ?? DEFAULT_TICK_MS;
    this.objectiveMs = context.objectiveMs ?? DEFAULT_OBJECTIVE_MS;
  }

  /** Refuses options other than these, and `type`. */
  only(keys: readonly string[]): void {
    rejectUnknownKeys(this.place.option, this.#spec, ['type', ...keys], this.place.pool);
  }

  has(key: string): boolean {
    return this.#spec[key] !== undefined;
  }

  raw(key: string): unknown {
    return this.#spec[key];
  }

  at(key: string): Place {
    return { pool: this.place.pool, option: `${this.place.option}.${key}` };
  }

  refusal(key: string, allowed: string): PoolConfigError {
    return refusal(this.at(key), this.#spec[key], allowed);
  }

  number(key: string, range: Range = {}, fallback?: number): number {
    const value = this.#or(key, fallback);
    if (typeof value === 'number' && Number.isFinite(value) && isWithin(value, range)) return value;
    throw refusal(this.at(key), value, inWords(range));
  }

  workers(key: string, fallback?: number): number {
    return requireInteger(this.at(key), this.#or(key, fallback), 1, MOST_WORKERS);
  }

  durationMs(key: string, fallback?: number): number {
    return requireDuration(this.at(key), this.#or(key, fallback));
  }

  /** A time that a part counts in ticks: one below the tick would have no effect. */
  ticksMs(key: string, fallback?: number): number {
    const value = this.durationMs(key, fallback);
    if (value >= this.tickMs) return value;
    throw refusal(this.at(key), value, `at least the tick, ${this.tickMs} ms: what is shorter has no effect`);
  }

  flag(key: string, fallback: boolean): boolean {
    const value = this.#or(key, fallback);
    if (typeof value === 'boolean') return value;
    throw refusal(this.at(key), value, 'true or false');
  }

  oneOf<T extends string>(key: string, allowed: readonly T[], fallback: T): T {
    return requireOneOf(this.at(key), this.#or(key, fallback), allowed);
  }

  /** The name of a signal: one of the policy's, where those are known. */
  signal(key: string, fallback?: string): string {
    return this.knownSignal(this.at(key), this.#or(key, fallback));
  }

  knownSignal(place: Place, name: unknown): string {
    if (typeof name !== 'string' || name === '') throw refusal(place, name, 'the name of a signal');
    const known = this.context.signals;
    return known === undefined ? name : requireSignalName(place, name, known);
  }

  /** Whether a signal can be had, for parts that do better with it and do without. */
  knows(signal: string): boolean {
    return this.context.signals?.includes(signal) ?? true;
  }

  list(key: string): readonly unknown[] {
    const value = this.#spec[key];
    if (Array.isArray(value) && value.length > 0) return value;
    throw refusal(this.at(key), value, 'a list with at least one entry');
  }

  /** What YAML leaves empty is `null`, which is no way to leave an option out. */
  #or(key: string, fallback: unknown): unknown {
    return this.#spec[key] === undefined ? fallback : this.#spec[key];
  }
}

function isWithin(value: number, { above = -Infinity, from = -Infinity, to = Infinity, below = Infinity }: Range) {
  return value > above && value >= from && value <= to && value < below;
}

function inWords({ above, from, to, below }: Range): string {
  const low = above === undefined ? (from === undefined ? '' : ` from ${from}`) : ` above ${above}`;
  const high = below === undefined ? (to === undefined ? '' : ` up to ${to}`) : ` below ${below}`;
  return `a finite number${low}${low !== '' && high !== '' ? ' and' : ''}${high}`;
}
