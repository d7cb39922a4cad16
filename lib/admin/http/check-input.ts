import { LONGEST_DELAY_MS } from '../../core/clock.js';
import type { PoolSnapshot } from '../../core/contract/snapshot.js';
import { show, suggest } from '../../core/validate.js';
import { refused } from './refused.js';

/** Deeper than any policy. */
const DEEPEST = 16;
/** Ids that a refusal lists. */
const MOST_TOLD = 20;
const FORBIDDEN = ['__proto__', 'constructor', 'prototype'];

export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * The body of a request, which must be an object of these keys; no other, and none that could pass for a prototype.
 * @throws Refused 422
 */
export function requireBody(body: unknown, keys: readonly string[]): JsonObject {
  const object = requireJsonObject(body);
  requireKeys('the body', Object.keys(object), keys);
  return object;
}

/** @throws Refused 422 for anything but an object, for one nested too deep, and for keys that could pass for a prototype. */
export function requireJsonObject(body: unknown): JsonObject {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw refused(422, `the body is ${body === undefined ? 'empty' : show(body)}, but must be a JSON object.`);
  }
  requireHarmless(body, 1);
  return body as JsonObject;
}

function requireHarmless(value: object, depth: number): void {
  if (depth > DEEPEST) throw refused(422, `the body is nested more than ${DEEPEST} deep.`);
  for (const [key, inner] of Object.entries(value)) {
    if (FORBIDDEN.includes(key)) throw refused(422, `the body has a key ${show(key)}, which is not allowed.`);
    if (typeof inner === 'object' && inner !== null) requireHarmless(inner as object, depth + 1);
  }
}

/** @throws Refused 422 with the nearest name that there is. */
export function requireKeys(where: string, keys: Iterable<string>, allowed: readonly string[]): void {
  for (const key of keys) {
    if (allowed.includes(key)) continue;
    const known = allowed.length === 0 ? 'It takes none.' : `It takes: ${allowed.join(', ')}.`;
    throw refused(422, `${where} has no field ${show(key)}.${suggest(key, allowed)} ${known}`);
  }
}

/** A field of a query that stands there once or not at all. Compared as text: no brackets, no arrays. */
export function onceIn(query: URLSearchParams, name: string): string | undefined {
  const [value, ...more] = query.getAll(name);
  if (more.length > 0) throw refused(422, `the query has ${name} more than once.`);
  return value;
}

/** A whole number of a query, in plain digits. */
export function wholeNumberIn(
  query: URLSearchParams,
  name: string,
  { from, to }: { from: number; to: number },
): number | undefined {
  const text = onceIn(query, name);
  if (text === undefined) return undefined;
  const value = digits(text);
  if (value !== null && value >= from && value <= to) return value;
  throw refused(422, `${name} is ${show(text)}, but must be a whole number from ${from} to ${to}.`);
}

/** @throws Refused 422 with what is allowed. */
export function requireSize(pool: Pick<PoolSnapshot, 'name' | 'min' | 'max'>, size: unknown): number {
  const { name, min, max } = pool;
  if (typeof size === 'number' && Number.isInteger(size) && size >= min && size <= max) return size;
  const told = size === undefined ? 'missing' : show(size);
  const way = size === 0 ? ' To stop the pool, pause it.' : '';
  throw refused(422, `pool '${name}': size is ${told}, but must be a whole number from ${min} to ${max}.${way}`, {
    allowed: { min, max },
  });
}

/** Milliseconds until an override ends; `undefined`: until it is released. */
export function requireForMs(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const isFit = typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= LONGEST_DELAY_MS;
  if (isFit) return value;
  throw refused(
    422,
    `forMs is ${show(value)}, but must be a whole number of milliseconds from 1 to ${LONGEST_DELAY_MS}.`,
  );
}

/** The entry of a quarantine that is meant; `undefined`: all. @throws Refused 404, 422 */
export function requireEntryId(
  pool: string,
  entries: readonly { readonly id: number }[],
  value: unknown,
): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1) {
    const way = 'Leave it out to release all.';
    throw refused(422, `pool '${pool}': id is ${show(value)}, but must be a whole number above 0. ${way}`);
  }
  if (entries.some(({ id }) => id === value)) return value;
  const ids = entries.slice(0, MOST_TOLD).map(({ id }) => id);
  const more = entries.length > ids.length ? ` and ${entries.length - ids.length} more` : '';
  const told = ids.length === 0 ? 'Nothing is in quarantine.' : `In quarantine: ${ids.join(', ')}${more}.`;
  throw refused(404, `pool '${pool}' has nothing with the id ${value} in quarantine. ${told}`);
}

/** The number that plain digits mean; any other text as it is, to be refused. */
export function numberOrText(text: string): number | string {
  return digits(text) ?? text;
}

function digits(text: string): number | null {
  return /^(0|[1-9]\d{0,9})$/.test(text) ? Number(text) : null;
}
