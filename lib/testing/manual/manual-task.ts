import type { EngineTask } from '../../core/engine.js';
import { PoolError } from '../../core/errors.js';
import { checkCrash, type TaskCrashOptions } from '../crash-options.js';

/** A task that has started and that the test brings to its end, by one of `complete`, `fail` and `crash`. */
export interface ManualTask {
  /** As in the pool's events. */
  readonly id: number;
  readonly name: string;
  /** The caller's own; nothing is copied. */
  readonly args: readonly unknown[];
  /** 1 for the first run; each retry is one more. */
  readonly attempt: number;
  /** `null`: it runs on the calling thread, under `caller-runs`. */
  readonly workerId: number | null;
  /** What its caller waits for: a value, a stream of items, or (methods that may return both) either. */
  readonly answer: 'value' | 'stream' | 'either';
  /** How many items it may yield before its reader takes some; 0 where it does not stream. */
  readonly credit: number;
  /** What the task would see: aborted when its caller has given up, or its time is up. It still has to be ended. */
  readonly signal: AbortSignal;
  /** Whether nobody has ended it, and its worker lives. */
  readonly isOpen: boolean;
  /**
   * Its value; what a stream has instead is its end, after the items that it yielded.
   * @throws PoolError, code `TASK_ENDED`, where it has ended.
   */
  complete(value?: unknown): void;
  /**
   * The next item of a stream.
   * @throws PoolError, code `NO_STREAM` where its caller waits for a value, `NO_CREDIT` where its reader has not taken enough
   *   (a worker would wait), `TASK_ENDED` where it has ended.
   */
  yield(item: unknown): void;
  /**
   * How far it is, in its own words.
   * @throws PoolError, code `TASK_ENDED`, where it has ended.
   */
  progress(value: unknown): void;
  /** @throws PoolError, code `TASK_ENDED`, where it has ended. */
  fail(error: unknown): void;
  /**
   * Its worker dies of it.
   * @throws PoolError, code `TASK_ENDED`, where it has ended, or `NO_WORKER`; PoolConfigError for wrong options.
   */
  crash(options?: TaskCrashOptions): void;
}

/** What a task does. */
export interface TaskMoves {
  credit(): number;
  opened(): void;
  item(value: unknown): void;
  progress(value: unknown): void;
  settle(ok: boolean, value: unknown): void;
  /** `null` where there is no worker. */
  readonly crash: ((options: TaskCrashOptions) => void) | null;
}

/** `open` → ended. */
export class OpenTask implements ManualTask {
  readonly id: number;
  readonly name: string;
  readonly args: readonly unknown[];
  readonly attempt: number;
  readonly answer: ManualTask['answer'];
  readonly #controller = new AbortController();
  readonly #moves: TaskMoves;
  #isOpen = true;
  #hasYielded = false;

  constructor(
    readonly pool: string,
    task: EngineTask,
    readonly workerId: number | null,
    moves: TaskMoves,
  ) {
    this.id = task.id;
    this.name = task.name;
    this.args = task.args;
    this.attempt = task.attempt;
    this.answer = task.answer;
    this.#moves = moves;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get credit(): number {
    return this.answer === 'value' || !this.#isOpen ? 0 : this.#moves.credit();
  }

  complete(value?: unknown): void {
    this.#end('complete()');
    this.#moves.settle(true, this.answer === 'stream' || this.#hasYielded ? undefined : value);
  }

  yield(item: unknown): void {
    this.#requireOpen('yield()');
    if (this.answer === 'value') {
      throw this.#refusal('NO_STREAM', 'yield()', 'whose caller waits for a value. Complete it, or call pool.stream()');
    }
    if (this.credit < 1) {
      throw this.#refusal(
        'NO_CREDIT',
        'yield()',
        'whose reader has not taken enough items. A worker would wait for it',
      );
    }
    if (!this.#hasYielded && this.answer === 'either') this.#moves.opened();
    this.#hasYielded = true;
    this.#moves.item(item);
  }

  progress(value: unknown): void {
    this.#requireOpen('progress()');
    this.#moves.progress(value);
  }

  fail(error: unknown): void {
    this.#end('fail()');
    this.#moves.settle(false, error);
  }

  crash(options: TaskCrashOptions = {}): void {
    const { crash } = this.#moves;
    if (!crash) throw this.#refusal('NO_WORKER', 'crash()', 'which runs on the calling thread and has no worker');
    checkCrash(this.pool, 'crash()', options, ['phase']);
    this.#end('crash()');
    crash(options);
  }

  abort(reason: unknown): void {
    this.#controller.abort(reason);
  }

  /** Its worker is gone. */
  close(): void {
    this.#isOpen = false;
  }

  #end(call: string): void {
    this.#requireOpen(call);
    this.#isOpen = false;
  }

  #requireOpen(call: string): void {
    if (this.#isOpen) return;
    throw this.#refusal('TASK_ENDED', call, 'which has ended, or whose worker is gone. End each task once');
  }

  #refusal(code: string, call: string, why: string): PoolError {
    const { pool } = this;
    return new PoolError(code, `pool '${pool}': ${call} of task ${this.id}, '${this.name}', ${why}.`, { pool });
  }
}
