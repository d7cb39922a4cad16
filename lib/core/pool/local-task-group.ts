import { setMaxListeners } from 'node:events';
import { systemClock } from '../clock.js';
import type { GroupOptions, TaskGroup } from '../contract/pool.js';
import type { RunOptions } from '../contract/run-options.js';
import { PoolError } from '../errors.js';
import { checkGroup } from './batch-options.js';
import type { BatchPort } from './batch-port.js';
import { Lobby } from './lobby.js';
import type { TaskRequest } from './task.js';

/**
 * `Pool.group`.
 *
 * `open` → `ended` (`wait()` has resolved), or `open` → `cancelled` (a task failed, or the signal was aborted).
 */
export class LocalTaskGroup implements TaskGroup {
  #state: 'open' | 'ended' | 'cancelled' = 'open';
  /** Why the tasks of a cancelled group are refused. */
  #reason: unknown;
  #isAwaited = false;
  /** Tasks that have not settled. */
  #unsettled = 0;
  /** Those of them that are with the pool. */
  #submitted = 0;
  readonly #limit: number;
  readonly #signal: AbortSignal | undefined;
  readonly #results: unknown[] = [];
  readonly #controller = new AbortController();
  /** Tasks beyond the limit. */
  readonly #lobby: Lobby;
  readonly #outcome: Promise<unknown[]>;
  #resolve!: (results: unknown[]) => void;
  #reject!: (reason: unknown) => void;
  readonly #onAbort = () => this.#cancel(this.#signal!.reason, this.#signal!.reason);

  constructor(
    readonly port: BatchPort,
    options: GroupOptions,
  ) {
    checkGroup(port.pool, options);
    this.#limit = options.limit ?? Infinity;
    this.#signal = options.signal;
    setMaxListeners(0, this.#controller.signal);
    // Its guests have no deadline.
    this.#lobby = new Lobby(systemClock, (request) => this.#submit(request));
    this.#outcome = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Whoever awaits the tasks themselves need not wait for the group as well.
    this.#outcome.catch(() => undefined);
  }

  run<R>(task: string, args: readonly unknown[] = [], options?: RunOptions): Promise<R> {
    if (this.#state === 'open' && this.#signal?.aborted) this.#onAbort();
    if (this.#state === 'ended') return Promise.reject(this.#endedError());
    const index = this.#results.push(undefined) - 1;
    if (this.#unsettled++ === 0) this.#signal?.addEventListener('abort', this.#onAbort);
    const run = this.#enter<R>(task, args, options);
    run.then(
      (result) => this.#completed(index, result),
      (error: unknown) => {
        this.#fail(error);
        this.#settled();
      },
    );
    return run;
  }

  wait<R>(): Promise<R[]> {
    this.#isAwaited = true;
    if (this.#state === 'open' && this.#signal?.aborted) this.#onAbort();
    this.#endIfDone();
    return this.#outcome as Promise<R[]>;
  }

  async #enter<R>(task: string, args: readonly unknown[], options: RunOptions | undefined): Promise<R> {
    if (this.#state === 'cancelled') throw this.#reason;
    const request = this.port.check(this.#controller.signal, task, args, options);
    for (const signal of request.settings.signals) if (signal.aborted) throw signal.reason;
    if (this.#submitted >= this.#limit) return this.#lobby.enter<R>(request, null, () => undefined);
    return this.#submit<R>(request);
  }

  #submit<R>(request: TaskRequest): Promise<R> {
    this.#submitted++;
    const run = this.port.submit<R>(request, false);
    run.then(
      () => this.#left(),
      (error: unknown) => {
        this.#fail(error);
        this.#left();
      },
    );
    return run;
  }

  #left(): void {
    this.#submitted--;
    this.#lobby.admit(() => this.#submitted < this.#limit);
  }

  #completed(index: number, result: unknown): void {
    if (this.#state === 'open') this.#results[index] = result;
    this.#settled();
  }

  #settled(): void {
    if (--this.#unsettled === 0) this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#endIfDone();
  }

  #endIfDone(): void {
    if (this.#state !== 'open' || !this.#isAwaited || this.#unsettled > 0) return;
    this.#state = 'ended';
    this.#resolve(this.#results);
  }

  #fail(error: unknown): void {
    if (this.#state !== 'open') return;
    const { pool } = this.port;
    const message = `pool '${pool}': a task of this group failed (see the cause), so the others were cancelled. Start a new group.`;
    this.#cancel(error, new PoolError('GROUP_CANCELLED', message, { pool, cause: error }));
  }

  /** `error` is for who waits, `reason` for the tasks. */
  #cancel(error: unknown, reason: unknown): void {
    if (this.#state !== 'open') return;
    this.#state = 'cancelled';
    this.#reason = reason;
    this.#results.length = 0;
    this.#reject(error);
    this.#controller.abort(reason);
  }

  #endedError(): PoolError {
    const { pool } = this.port;
    const message = `pool '${pool}': wait() of this group has resolved, so it takes no more tasks. Start a new group.`;
    return new PoolError('GROUP_ENDED', message, { pool });
  }
}
