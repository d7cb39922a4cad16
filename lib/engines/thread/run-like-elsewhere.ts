import type { EngineTask } from '../../core/engine.js';
import type { ThreadEngineOptions } from './thread-engine.js';
import { compact, findBuffers, restoreBuffers } from './wire/buffers.js';
import { cloneError } from './wire/clone-path.js';
import { isPrimitive } from './wire/primitives.js';

/**
 * Runs a task on the calling thread. The task gets copies of its arguments and the caller a copy of the result, as if
 * they had crossed to a thread and back; signals are the caller's own.
 * @throws TaskCloneError, or what the task throws.
 */
export async function runLikeElsewhere(
  { pool, runHere, reviveResult }: ThreadEngineOptions,
  task: EngineTask,
): Promise<unknown> {
  const args = task.args.every(isPrimitive) ? task.args : copiedArguments(pool.name, task);
  const result = await runHere(task.name, args);
  if (isPrimitive(result)) return result;
  const [copy] = copied(pool.name, task.name, [result], 'result');
  return reviveResult ? reviveResult(task.name, copy) : copy;
}

function copiedArguments(pool: string, { name, args, signalArgs, transfer }: EngineTask): unknown[] {
  const cloneable = [...args];
  for (const index of signalArgs) cloneable[index] = null;
  const copies = copied(pool, name, cloneable, 'args', transfer);
  for (const index of signalArgs) copies[index] = args[index];
  return copies;
}

function copied(
  pool: string,
  task: string,
  values: unknown[],
  root: 'args' | 'result',
  transfer: EngineTask['transfer'] = [],
): unknown[] {
  try {
    const buffers = findBuffers(values);
    // The types of Node's transfer lists and those of the DOM's name the same objects.
    const copies = structuredClone([...compact(values, transfer)], { transfer: [...transfer] as ArrayBuffer[] });
    if (buffers) restoreBuffers(copies, buffers);
    return copies;
  } catch (error) {
    throw cloneError(pool, task, root === 'result' ? values[0] : values, root, error, transfer);
  }
}
