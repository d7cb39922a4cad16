import type { Claim, EngineTask, EngineWorker, Outcome, TaskReports, WorkerSink } from '../../core/engine.js';
import { runInContext } from '../local-contexts.js';
import { CreditGate } from '../streams/credit-gate.js';
import { copiedAnswer, tellCopied, type CopiedRun } from '../thread/copied-answer.js';
import { copyArguments, copyContext } from '../thread/copy-values.js';
import type { TaskHost } from '../thread/task-host.js';
import { ErrorClasses } from '../thread/wire/error-classes.js';
import { decodeError, encodeError } from '../thread/wire/error-codec.js';
import type { InlineEngine } from './inline-engine.js';
import type { Crash } from './planned-faults.js';

const UNTIMED = { serviceMs: 0, cloneMs: 0, dispatchMs: 0 };

/** A task with its worker. */
interface Run extends CopiedRun {
  claim: Claim;
  readonly args: readonly unknown[];
  /** A copy of what goes with the call. */
  readonly context: unknown;
  readonly controller: AbortController;
}

/** Thrown where the caller's side of a thread boundary would: it does not cross back. */
class OfCallersSide {
  constructor(readonly error: unknown) {}
}

/** `booting` → `ready` → `leaving` (tears down) → gone; any → gone by a crash or when it is terminated. */
export class InlineWorker implements EngineWorker {
  readonly room = Infinity;
  readonly #runs = new Map<EngineTask, Run>();
  readonly #reports: TaskReports;
  #host: TaskHost | null = null;
  #isEnding = false;
  #isGone = false;

  constructor(
    readonly id: number,
    readonly sink: WorkerSink,
    readonly engine: InlineEngine,
  ) {
    const isAtWork = (task: EngineTask) => !this.#isGone && this.#runs.get(task)?.claim === 'started';
    this.#reports = {
      opened: (task) => isAtWork(task) && sink.opened(task),
      item: (task, value) => isAtWork(task) && sink.item(task, value),
      progress: (task, value) => isAtWork(task) && sink.progress(task, value),
    };
    const { bootMs, clock } = engine.options;
    const boot = () => void this.#boot();
    if (bootMs > 0) clock.schedule(bootMs, boot, { keepAlive: true });
    else queueMicrotask(boot);
  }

  dispatch(tasks: readonly EngineTask[]): void {
    const refused: Outcome[] = [];
    for (const task of tasks) {
      try {
        this.#runs.set(task, this.#taken(task));
      } catch (error) {
        refused.push({ task, ok: false, value: error, timing: UNTIMED });
        continue;
      }
      this.sink.started(task);
      void this.#run(task);
    }
    if (refused.length > 0) this.sink.settled(refused);
  }

  revoke(): boolean {
    return false;
  }

  abort(task: EngineTask, reason: unknown): void {
    this.#runs.get(task)?.controller.abort(decodeError(encodeError(reason), new ErrorClasses()));
  }

  credit(task: EngineTask, n: number): void {
    this.#runs.get(task)?.gate?.grant(n);
  }

  retire(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    void this.#leave();
  }

  terminate(): void {
    this.#isEnding = true;
    queueMicrotask(() => this.#exit(1));
  }

  /** Dies, whatever it is at. */
  crash({ exitCode = 1, error }: Crash): void {
    this.#exit(exitCode, error);
  }

  poll(): void {
    // Nothing is ever under way on one event loop.
  }

  vitals() {
    return { heapMb: 0, elu: 0, loopDelayMs: 0 };
  }

  get #pool(): string {
    return this.engine.options.pool.name;
  }

  /** What is sent is copied now: what the caller does to it afterwards is not seen. */
  #taken(task: EngineTask): Run {
    const pool = this.#pool;
    const controller = new AbortController();
    return {
      pool,
      task,
      reports: this.#reports,
      signal: controller.signal,
      gate: task.answer === 'value' ? null : new CreditGate(),
      movesResult: true,
      revived: (copy) => this.#revived(task.name, copy),
      claim: 'sent',
      args: copyArguments(pool, task),
      context: copyContext(pool, task),
      controller,
    };
  }

  #revived(task: string, copy: unknown): unknown {
    const { reviveResult } = this.engine.options;
    try {
      return reviveResult ? reviveResult(task, copy) : copy;
    } catch (error) {
      throw new OfCallersSide(error);
    }
  }

  async #boot(): Promise<void> {
    if (this.#isGone || this.#isEnding) return;
    try {
      const planned = this.engine.faults.takeBootError();
      if (planned) throw planned;
      this.#host = await this.engine.outside(() => this.engine.options.boot());
    } catch (error) {
      return this.#exit(1, this.#sentBack(error));
    }
    if (!this.#isGone && !this.#isEnding) this.sink.ready({ threadId: null, tasks: [...this.#host.tasks.keys()] });
  }

  async #run(task: EngineTask): Promise<void> {
    // The caller of run() is on the stack: let it go on before the task begins.
    await null;
    const run = this.#runs.get(task);
    if (this.#isGone || !run) return;
    // A thread passes over what was aborted before its turn.
    if (run.signal.aborted) return this.#settle({ task, ok: false, value: undefined, timing: UNTIMED });
    run.claim = 'started';
    const { clock } = this.engine.options;
    const begun = clock.now();
    const crash = this.engine.faults.takeCrash(task.name);
    if (crash && crash.phase !== 'finished') return this.crash(crash);
    const [ok, value] = await this.#outcome(run);
    if (this.#isGone) return;
    run.claim = 'done';
    if (crash) return this.crash(crash);
    this.#settle({ task, ok, value, timing: { ...UNTIMED, serviceMs: clock.now() - begun } });
  }

  async #outcome(run: Run): Promise<[ok: boolean, value: unknown]> {
    const { name, attempt } = run.task;
    const progress = (value: unknown) => {
      if (run.claim === 'started') tellCopied(run, value);
    };
    const about = { signal: run.signal, attempt, workerId: this.id, progress, isolated: name };
    try {
      return [true, await this.engine.outside(() => runInContext(about, () => this.#answer(run)))];
    } catch (error) {
      return [false, error instanceof OfCallersSide ? error.error : this.#sentBack(error, name)];
    }
  }

  /** A stream is drained inside what surrounds its task, so that each `next()` of it runs there too. */
  #answer(run: Run): unknown {
    const { task, args, context, signal } = run;
    const { tasks, around } = this.#host!;
    const own = [...args];
    for (const index of task.signalArgs) own[index] = signal;
    const ahead = this.engine.options.ahead?.(task) ?? [];
    const answer = () => copiedAnswer(run, () => tasks.get(task.name)!(...ahead, ...own));
    return around && context !== undefined ? around(context, answer) : answer();
  }

  /** An error as the other side of a thread boundary gets it. */
  #sentBack(error: unknown, task?: string): unknown {
    return decodeError(encodeError(error, { pool: this.#pool, task }), this.engine.options.errorClasses);
  }

  #settle(outcome: Outcome): void {
    this.#runs.delete(outcome.task);
    this.sink.settled([outcome]);
  }

  async #leave(): Promise<void> {
    try {
      await this.engine.outside(() => this.#host?.close?.());
      queueMicrotask(() => this.#exit(0));
    } catch (error) {
      this.#exit(1, this.#sentBack(error));
    }
  }

  #exit(code: number, error?: unknown): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.engine.workers.delete(this.id);
    this.sink.exited({ code, error, claim: (task) => this.#runs.get(task)?.claim ?? 'started' });
  }
}
