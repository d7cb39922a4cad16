import type { CallerPort, EngineTask } from '../../core/engine.js';
import { CreditGate } from '../streams/credit-gate.js';
import { answerWith } from '../streams/drain.js';
import { inCallerContext } from './caller-context.js';
import type { ThreadEngineOptions } from './thread-engine.js';
import { compact, findBuffers, restoreBuffers } from './wire/buffers.js';
import { cloneError } from './wire/clone-path.js';
import { isPrimitive } from './wire/primitives.js';
import { transferListOf } from './worker/transfer.js';

/**
 * Runs a task on the calling thread. The task gets copies of its arguments and the caller copies of the result, of items and
 * of what is reported, as if they had crossed to a thread and back; signals are the caller's own.
 * @throws TaskCloneError, or what the task throws.
 */
export async function runLikeElsewhere(
  { pool: { name: pool }, runHere, reviveResult }: ThreadEngineOptions,
  task: EngineTask,
  caller: CallerPort,
): Promise<unknown> {
  const args = task.args.every(isPrimitive) ? task.args : copiedArguments(pool, task);
  const call = () => runHere(task.name, args);
  const revived: Revived = (value) => (reviveResult ? reviveResult(task.name, value) : value);
  if (task.answer !== 'value') {
    return inCallerContext(contextFor(pool, task, caller), () => streamed(pool, task, caller, call, revived));
  }
  // The context costs every promise of this thread something: only where somebody listens.
  const result = await (caller.isFollowed ? inCallerContext(contextFor(pool, task, caller), call) : call());
  return isPrimitive(result) ? result : revived(copy(pool, task.name, result, 'result'));
}

/** An instance of its class again, where the task says which. */
type Revived = (copy: unknown) => unknown;

function contextFor(pool: string, task: EngineTask, caller: CallerPort) {
  return {
    signal: caller.signal,
    attempt: task.attempt,
    workerId: 0,
    progress: (value: unknown) =>
      caller.progress(task, copy(pool, task.name, value, 'progress', transferListOf(value))),
  };
}

async function streamed(
  pool: string,
  task: EngineTask,
  caller: CallerPort,
  call: () => Promise<unknown>,
  revived: Revived,
): Promise<unknown> {
  const gate = new CreditGate();
  caller.onCredit = (n) => gate.grant(n);
  const stopFollowing = gate.follow(caller.signal);
  let index = 0;
  const answer = task.answer === 'either' ? 'either' : 'stream';
  try {
    const value = await answerWith(call(), {
      pool,
      task: task.name,
      answer,
      gate,
      outlet: {
        put: (item) =>
          caller.item(task, revived(copy(pool, task.name, item, `items[${index++}]`, transferListOf(item)))),
      },
      block: null,
      opened: () => answer === 'either' && caller.opened(task),
    });
    return revived(copy(pool, task.name, value, 'result'));
  } finally {
    stopFollowing();
  }
}

function copiedArguments(pool: string, { name, args, signalArgs, transfer }: EngineTask): unknown[] {
  const cloneable = [...args];
  for (const index of signalArgs) cloneable[index] = null;
  const copies = copied(pool, name, cloneable, 'args', transfer);
  for (const index of signalArgs) copies[index] = args[index];
  return copies;
}

type Root = 'result' | 'progress' | `items[${number}]`;

function copy(pool: string, task: string, value: unknown, root: Root, transfer?: EngineTask['transfer']): unknown {
  return isPrimitive(value) ? value : copied(pool, task, [value], root, transfer)[0];
}

function copied(
  pool: string,
  task: string,
  values: unknown[],
  root: 'args' | Root,
  transfer: EngineTask['transfer'] = [],
): unknown[] {
  try {
    const buffers = findBuffers(values);
    // The types of Node's transfer lists and those of the DOM's name the same objects.
    const copies = structuredClone([...compact(values, transfer)], { transfer: [...transfer] as ArrayBuffer[] });
    if (buffers) restoreBuffers(copies, buffers);
    return copies;
  } catch (error) {
    throw cloneError(pool, task, root === 'args' ? values : values[0], root, error, transfer);
  }
}
