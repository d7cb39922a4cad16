import { LONGEST_DELAY_MS } from './clock.js';
import { PoolConfigError } from './errors.js';

/** Where a value stands, for messages: the pool, if there is one yet, and the option's path. */
export interface Place {
  readonly pool?: string | undefined;
  readonly option: string;
}

/** A value as a message shows it: short, and telling `'4'` from `4`. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
  if (typeof value === 'function') return value.name === '' ? 'a function' : `function ${value.name}`;
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object';
  if (typeof value === 'bigint') return `${value}n`;
  return String(value);
}

/** The error for a value that an option does not take. `allowed` completes "must be …". */
export function refusal(place: Place, value: unknown, allowed: string): PoolConfigError {
  const message = `${prefix(place.pool)}${place.option} is ${show(value)}, but must be ${allowed}.`;
  const cause = typeof value === 'number' ? { cause: new RangeError(message) } : {};
  return new PoolConfigError(message, { ...place, ...cause });
}

export function requireInteger(place: Place, value: unknown, from: number, to: number, remark = ''): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to) return value;
  throw refusal(place, value, `a whole number from ${grouped(from)} to ${grouped(to)}${remark}`);
}

/** A duration in milliseconds: finite, above 0, at most what a timer honours. */
export function requireDuration(place: Place, value: unknown): number {
  if (typeof value === 'number' && value > 0 && value <= LONGEST_DELAY_MS) return value;
  throw refusal(place, value, `a number of milliseconds above 0 and up to ${grouped(LONGEST_DELAY_MS)}`);
}

export function requireObject(place: Place, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw refusal(place, value, 'an object');
}

export function requireOneOf<T extends string>(place: Place, value: unknown, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found !== undefined) return found;
  throw refusal(place, value, allowed.map((name) => `'${name}'`).join(' or '));
}

/** Refuses keys that are not options, with the nearest that is. `what` names the object, as in `size`. */
export function rejectUnknownKeys(what: string, value: object, allowed: readonly string[], pool?: string): void {
  for (const key of Object.keys(value)) {
    if (allowed.includes(key)) continue;
    throw new PoolConfigError(
      `${prefix(pool)}${what} has no option ${show(key)}.${suggest(key, allowed)} Options: ${allowed.join(', ')}.`,
      { pool, option: `${what}.${key}` },
    );
  }
}

/** ` Did you mean 'x'?` for the nearest known name, or nothing. */
export function suggest(name: string, known: Iterable<string>): string {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best === undefined ? '' : ` Did you mean '${best}'?`;
}

/** Levenshtein's distance, with a swap of neighbours as one step (optimal string alignment), row by row. */
function editDistance(a: string, b: string): number {
  let previous: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = isSwap ? previous[j - 2]! + 1 : Infinity;
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, substitution, swap));
    }
    [previous, row] = [row, next];
  }
  return row[b.length]!;
}

function prefix(pool: string | undefined): string {
  return pool === undefined ? '' : `pool '${pool}': `;
}

function grouped(value: number): string {
  return value.toLocaleString('en-US');
}
