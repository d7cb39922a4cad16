import type { WorkerExit } from '../engine.js';
import {
  PoolClosedError,
  PoolError,
  PoolFullError,
  QueueTimeoutError,
  TaskNotFoundError,
  TaskQuarantinedError,
  TaskTimeoutError,
  WorkerCrashedError,
} from '../errors.js';
import type { QuarantinedTask } from '../contract/quarantine.js';
import { suggest } from '../validate.js';
import type { Member } from './member.js';
import type { ResolvedPoolOptions } from './resolve-options.js';
import type { Task } from './task.js';

/** Retry-After of a full pool when nothing has been measured yet, milliseconds. */
const FIRST_RETRY_AFTER_MS = 1_000;

type Options = ResolvedPoolOptions;

export function fullError(options: Options, depth: number, workers: number, meanServiceMs: number): PoolFullError {
  const { name, queueCapacity, concurrency } = options;
  const slots = Math.max(1, workers * concurrency);
  const retryAfterMs = meanServiceMs === 0 ? FIRST_RETRY_AFTER_MS : Math.ceil((depth * meanServiceMs) / slots);
  return new PoolFullError(
    `pool '${name}' is full: ${depth} tasks wait (queue.capacity ${queueCapacity}) for ${workers} workers. Try again in about ${retryAfterMs} ms, raise queue.capacity, or add workers.`,
    { pool: name, retryAfterMs },
  );
}

/** For the task that had to make room under `drop-oldest`. */
export function droppedError({ name, queueCapacity }: Options): PoolFullError {
  return new PoolFullError(
    `pool '${name}' was full (queue.capacity ${queueCapacity}) and this task had waited longest, so it made room for a newer one (queue.overflow 'drop-oldest').`,
    { pool: name, retryAfterMs: FIRST_RETRY_AFTER_MS },
  );
}

export function queueTimeoutError({ name }: Options, task: string, ms: number, workers: number): QueueTimeoutError {
  return new QueueTimeoutError(
    `pool '${name}': '${task}' waited ${ms} ms (queueTimeoutMs) for one of ${workers} workers. Give it more time, or the pool more workers.`,
    { pool: name },
  );
}

export function taskTimeoutError({ name, kind, abortGraceMs }: Options, task: string, ms: number): TaskTimeoutError {
  const consequence =
    kind === 'threads'
      ? `if it does not end within ${abortGraceMs} ms its thread is terminated`
      : `if it does not end within ${abortGraceMs} ms its slot is given to others`;
  return new TaskTimeoutError(
    `pool '${name}': '${task}' ran longer than ${ms} ms (timeoutMs). Its signal was aborted; ${consequence}.`,
    { pool: name },
  );
}

export function unknownTaskError({ name }: Options, task: string, known: ReadonlySet<string>): TaskNotFoundError {
  const list = known.size > 0 ? [...known].join(', ') : 'none';
  return new TaskNotFoundError(`pool '${name}' has no task '${task}'.${suggest(task, known)} Its tasks: ${list}.`, {
    pool: name,
  });
}

/** A worker exited unasked. `task` is what that cost, if anything; `phase` is how far the task was. */
export function crashError(
  { name }: Options,
  member: Member,
  exit: WorkerExit,
  task: Task | null,
  phase: 'started' | 'finished' = 'started',
): WorkerCrashedError {
  const thread = member.threadId === null ? '' : ` (thread ${member.threadId})`;
  const code = exit.code === null ? '' : ` with code ${exit.code}`;
  const cause = exit.error instanceof Error ? ` Cause: ${exit.error.message}` : '';
  return new WorkerCrashedError(
    `pool '${name}': worker ${member.id}${thread} exited${code} ${circumstance(member, task, phase)}.${cause}`,
    { pool: name, exitCode: exit.code, phase, cause: exit.error },
  );
}

/** For calls of a task that cost too many workers. */
export function quarantinedError(
  { name }: Pick<Options, 'name'>,
  { id, task, crashes, since, error }: QuarantinedTask,
): TaskQuarantinedError {
  const message = `pool '${name}': '${task}', with these arguments, made ${crashes} workers exit and is in quarantine since ${new Date(since).toISOString()}: no worker runs it. Mend the task, or its input; pool.quarantine.release(${id}) lets it run again.`;
  return new TaskQuarantinedError(message, { pool: name, id, crashes, cause: error });
}

/** A task had not begun when its worker exited, and cannot be sent again: what it moved is gone with the worker. */
export function lostError({ name }: Options, member: Member, exit: WorkerExit, task: Task): WorkerCrashedError {
  const message = `pool '${name}': worker ${member.id} exited before it began '${task.name}', and the objects in the task's transfer list are gone with it. Call again with new ones.`;
  return new WorkerCrashedError(message, { pool: name, exitCode: exit.code, phase: 'started', cause: exit.error });
}

function circumstance(member: Member, task: Task | null, phase: 'started' | 'finished'): string {
  if (member.state === 'starting') return 'before it was ready';
  if (!task) return 'outside a task';
  return phase === 'started' ? `while it ran '${task.name}'` : `after '${task.name}' had finished; its result is lost`;
}

/** Code of the error for a task that was meant for a worker that is gone. */
export const WORKER_LEFT = 'WORKER_LEFT';

export function workerLeftError({ name }: Options, { id }: Member): PoolError {
  return new PoolError(WORKER_LEFT, `pool '${name}': worker ${id} left before it began this task.`, { pool: name });
}

/** For a second loop over one stream. */
export function streamUsedError(pool: string, task: string): PoolError {
  const message = `pool '${pool}': the items of '${task}' were iterated before. Call it again.`;
  return new PoolError('STREAM_USED', message, { pool });
}

/** The pool takes no new work. */
export function refusedError({ name }: { readonly name: string }, draining: boolean): PoolClosedError {
  return draining
    ? new PoolClosedError(`pool '${name}' is draining and takes no new work until resume().`, {
        pool: name,
        code: 'DRAINING',
      })
    : new PoolClosedError(`pool '${name}' is closed and takes no new work. Create a new pool.`, { pool: name });
}

/** A close cut the task short. */
export function cutShortError({ name }: Options): PoolClosedError {
  return new PoolClosedError(
    `pool '${name}' was closed before this task had finished. Give close() a longer timeoutMs to let it end.`,
    { pool: name },
  );
}
