import type { Transferable } from 'node:worker_threads';
import type { EngineTask } from '../../core/engine.js';
import { compact, findBuffers, restoreBuffers } from './wire/buffers.js';
import { cloneHere } from './wire/clone-here.js';
import { cloneError } from './wire/clone-path.js';
import { isPrimitive } from './wire/primitives.js';

/** What a task sends back, by what its path begins with. */
export type SentBack = 'result' | 'progress' | `items[${number}]`;

/**
 * The arguments of a task as they would arrive in a thread; what is in the transfer list moves. Signals are `null`.
 * @throws TaskCloneError that names the argument and its part.
 */
export function copyArguments(pool: string, { name, args, signalArgs, transfer }: EngineTask): unknown[] {
  if (args.every(isPrimitive)) return [...args];
  const cloneable = [...args];
  for (const index of signalArgs) cloneable[index] = null;
  return copied(pool, name, cloneable, 'args', transfer);
}

/**
 * What goes with a call besides its arguments, as it would arrive.
 * @throws TaskCloneError that names the part.
 */
export function copyContext(pool: string, { name, context }: EngineTask): unknown {
  return isPrimitive(context) ? context : copied(pool, name, [context], 'context')[0];
}

/**
 * What a task sends back, as it would arrive at the caller; what is in the transfer list moves.
 * @throws TaskCloneError that names the part.
 */
export function copyBack(
  pool: string,
  task: string,
  value: unknown,
  root: SentBack,
  transfer?: readonly Transferable[],
): unknown {
  return isPrimitive(value) ? value : copied(pool, task, [value], root, transfer)[0];
}

function copied(
  pool: string,
  task: string,
  values: unknown[],
  root: 'args' | 'context' | SentBack,
  transfer?: readonly Transferable[],
): unknown[] {
  try {
    const buffers = findBuffers(values);
    const copies = cloneHere(compact(values, transfer), transfer);
    if (buffers) restoreBuffers(copies, buffers);
    return copies;
  } catch (error) {
    throw cloneError(pool, task, root === 'args' ? values : values[0], root, error, transfer);
  }
}
