/** What every `PoolError` may be told. */
export interface PoolErrorOptions {
  pool?: string;
  cause?: unknown;
}

/**
 * Base of all errors of this library. `code` is stable; the message names the pool and the way out.
 * `statusCode`, where set, is the HTTP status that fits when the error reaches a client.
 */
export class PoolError extends Error {
  readonly code: string;
  readonly pool: string | undefined;
  declare readonly statusCode?: number;

  constructor(code: string, message: string, options: PoolErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.pool = options.pool;
  }
}

/** The queue is full and the overflow policy is to refuse. */
export class PoolFullError extends PoolError {
  override readonly statusCode = 503;
  /** A guess at when there will be room, in milliseconds, from the queue's length and the recent service time. */
  readonly retryAfterMs: number;

  constructor(message: string, options: PoolErrorOptions & { retryAfterMs: number }) {
    super('POOL_FULL', message, options);
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** The pool takes no new work: `DRAINING` (may reopen) or `POOL_CLOSED` (for good); or its close cut the task short. */
export class PoolClosedError extends PoolError {
  override readonly statusCode = 503;

  constructor(message: string, options: PoolErrorOptions & { code?: 'POOL_CLOSED' | 'DRAINING' }) {
    super(options.code ?? 'POOL_CLOSED', message, options);
  }
}

/** The task waited longer than `queueTimeoutMs`. */
export class QueueTimeoutError extends PoolError {
  override readonly statusCode = 503;

  constructor(message: string, options: PoolErrorOptions) {
    super('QUEUE_TIMEOUT', message, options);
  }
}

/** The task ran longer than `timeoutMs`. */
export class TaskTimeoutError extends PoolError {
  override readonly statusCode = 504;

  constructor(message: string, options: PoolErrorOptions) {
    super('TASK_TIMEOUT', message, options);
  }
}

/** No pool has this name. */
export class PoolNotFoundError extends PoolError {
  constructor(message: string, options: PoolErrorOptions) {
    super('POOL_NOT_FOUND', message, options);
  }
}

/** An option or argument is not what it must be. A number out of range has a `RangeError` as its cause. */
export class PoolConfigError extends PoolError {
  /** The path of the option, as in `size.min`, where it is one option that is wrong. */
  readonly option: string | undefined;

  constructor(message: string, options: PoolErrorOptions & { option?: string } = {}) {
    super('POOL_CONFIG', message, options);
    this.option = options.option;
  }
}

/** The pool has no task of this name. */
export class TaskNotFoundError extends PoolError {
  constructor(message: string, options: PoolErrorOptions) {
    super('TASK_NOT_FOUND', message, options);
  }
}

/** An argument or a result cannot cross the thread boundary. `path` says which part, as in `args[0].socket`. */
export class TaskCloneError extends PoolError {
  readonly path: string;

  constructor(message: string, options: PoolErrorOptions & { path: string }) {
    super('TASK_CLONE', message, options);
    this.path = options.path;
  }
}

/** The task, with these arguments, cost too many workers: none runs it until it is released. The cause is the last crash. */
export class TaskQuarantinedError extends PoolError {
  /** For `Pool.quarantine.release(id)`. */
  readonly id: number;
  readonly crashes: number;

  constructor(message: string, options: PoolErrorOptions & { id: number; crashes: number }) {
    super('TASK_QUARANTINED', message, options);
    this.id = options.id;
    this.crashes = options.crashes;
  }
}

/** A carrier of what surrounds calls failed: on main, as it captured, or in the worker, around the task. */
export class ContextError extends PoolError {
  readonly carrier: string;

  constructor(message: string, options: PoolErrorOptions & { carrier: string }) {
    super('CONTEXT', message, options);
    this.carrier = options.carrier;
  }
}

/** The worker of a task exited. `phase` tells whether the task had `started`, or `finished` with its result lost. */
export class WorkerCrashedError extends PoolError {
  readonly exitCode: number | null;
  readonly phase: 'started' | 'finished';

  constructor(
    message: string,
    options: PoolErrorOptions & { exitCode?: number | null; phase?: 'started' | 'finished' },
  ) {
    super('WORKER_CRASHED', message, options);
    this.exitCode = options.exitCode ?? null;
    this.phase = options.phase ?? 'started';
  }
}
