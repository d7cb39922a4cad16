import type { Transferable } from 'node:worker_threads';
import { refusal } from '../../../core/validate.js';

const lists = new WeakMap<object, readonly Transferable[]>();

/**
 * Marks a task's result so that the objects in `list` move to the caller instead of being copied. Returns the value
 * itself; on the main thread it has no effect.
 * @throws PoolConfigError where `list` is no array.
 * @example return transfer(pixels, [pixels.buffer]);
 */
export function transfer<T>(value: T, list: readonly Transferable[]): T {
  // A result that cannot be sent for its list would be told of when nobody is there to catch it.
  if (!Array.isArray(list)) throw refusal({ option: 'the list of transfer()' }, list, 'an array of what moves');
  if (typeof value === 'object' && value !== null) lists.set(value, list);
  return value;
}

/** What `transfer` was told about this value. */
export function transferListOf(value: unknown): readonly Transferable[] | undefined {
  return typeof value === 'object' && value !== null ? lists.get(value) : undefined;
}
