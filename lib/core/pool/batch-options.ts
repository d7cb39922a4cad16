import type { BroadcastOptions, GroupOptions, MapOptions } from '../contract/pool.js';
import { refusal, rejectUnknownKeys, requireInteger, requireObject } from '../validate.js';

const MOST_AT_ONCE = 1_000_000;

/** @throws PoolConfigError */
export function checkMap(pool: string, task: unknown, items: unknown, options: MapOptions): void {
  if (typeof task !== 'string') throw refusal({ pool, option: 'map(task)' }, task, 'the name of a task');
  if (!isIterable(items)) {
    const option = `map('${task}', items)`;
    throw refusal({ pool, option }, items, 'an iterable or an async iterable, such as an array or a generator');
  }
  requireObject({ pool, option: 'the options of map()' }, options);
  rejectUnknownKeys('map()', options, ['concurrency', 'ordered', 'signal'], pool);
  const { concurrency, ordered, signal } = options;
  if (concurrency !== undefined) requireInteger({ pool, option: 'map({ concurrency })' }, concurrency, 1, MOST_AT_ONCE);
  if (ordered !== undefined && typeof ordered !== 'boolean') {
    throw refusal({ pool, option: 'map({ ordered })' }, ordered, 'true or false');
  }
  checkSignal(pool, 'map({ signal })', signal);
}

/** @throws PoolConfigError */
export function checkGroup(pool: string, options: GroupOptions): void {
  requireObject({ pool, option: 'the options of group()' }, options);
  rejectUnknownKeys('group()', options, ['signal', 'limit'], pool);
  const { signal, limit } = options;
  if (limit !== undefined) requireInteger({ pool, option: 'group({ limit })' }, limit, 1, MOST_AT_ONCE);
  checkSignal(pool, 'group({ signal })', signal);
}

/** @throws PoolConfigError */
export function checkBroadcast(pool: string, options: BroadcastOptions): void {
  requireObject({ pool, option: 'the options of broadcast()' }, options);
  rejectUnknownKeys('broadcast()', options, ['replay', 'signal'], pool);
  const { replay, signal } = options;
  if (replay !== undefined && typeof replay !== 'boolean') {
    throw refusal({ pool, option: 'broadcast({ replay })' }, replay, 'true or false');
  }
  checkSignal(pool, 'broadcast({ signal })', signal);
}

function checkSignal(pool: string, option: string, signal: unknown): void {
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw refusal({ pool, option }, signal, 'an AbortSignal');
}

function isIterable(items: unknown): boolean {
  if (items === null || items === undefined) return false;
  const { [Symbol.iterator]: sync, [Symbol.asyncIterator]: async } = items as Partial<Iterable<unknown>> &
    Partial<AsyncIterable<unknown>>;
  return typeof sync === 'function' || typeof async === 'function';
}
