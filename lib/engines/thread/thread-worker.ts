import {
  MessageChannel,
  receiveMessageOnPort,
  Worker,
  type MessagePort,
  type WorkerOptions,
} from 'node:worker_threads';
import type { Claim, EngineTask, WorkerSink, WorkerVitals } from '../../core/engine.js';
import { TaskCloneError } from '../../core/errors.js';
import type { ResolvedPoolOptions } from '../../core/pool/resolve-options.js';
import { isTypeScript } from '../typescript/source-files.js';
import { holdSwc } from '../typescript/hold-swc.js';
import { startSourceThread } from '../typescript/start-source-thread.js';
import { WORKER_MARK } from '../worker-mark.js';
import { compileCacheDirectory } from './compile-cache.js';
import { LoopMeter } from './loop-meter.js';
import {
  clockOrigin,
  markSlot,
  type AbortMessage,
  type BirthCertificate,
  type ItemsMessage,
  type ProgressMessage,
  type ResultMessage,
  type ToMain,
  type ToWorker,
} from './protocol.js';
import { Claims, SharedTable, ticketOf } from './shared-layout.js';
import { NONE, SlotBook } from './slot-book.js';
import { TaskSender, untimed, type MeasuredOutcome } from './task-sender.js';
import type { ThreadEngineOptions } from './thread-engine.js';
import type { Recruit } from './warm-spares.js';
import { restoreBuffers } from './wire/buffers.js';
import { decodeError, encodeError, type WireError } from './wire/error-codec.js';

/** Tear-down of a worker that leaves may take this long, milliseconds; then its thread is terminated. */
const TEAR_DOWN_MS = 10_000;

/**
 * The main thread's side of one worker thread.
 *
 * `booting` → `ready` → gone. The thread holds the process open while it boots or holds tasks, not while it idles.
 */
export class ThreadWorker implements Recruit {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #abortPort: MessagePort;
  readonly #table: SharedTable;
  readonly #book: SlotBook;
  readonly #sender: TaskSender;
  readonly #loop: LoopMeter;
  /** Whether it does one task after the other, in the order in which they were sent. */
  readonly #isInOrder: boolean;
  /** Ends that were received and are yet to be reported. */
  #outcomes: MeasuredOutcome[] = [];
  #hasMadeRoom = false;
  #resultsRead = 0;
  /** Streams that this side had to end, and why. */
  readonly #failing = new WeakMap<EngineTask, unknown>();
  #fatal: unknown;
  #isHeld = true;
  #isReady = false;
  #id: number | null;
  #isLeaving = false;
  #hasExited = false;

  constructor(
    /** `null`: a spare, which does not hold the process open. */
    id: number | null,
    readonly sink: WorkerSink,
    readonly engine: ThreadEngineOptions,
    slots: number,
    readonly siblings: { readonly holding: Set<unknown> },
  ) {
    const { concurrency, parking, name, thread } = engine.pool;
    this.#id = id;
    const [tasks, aborts] = [new MessageChannel(), new MessageChannel()];
    this.#port = tasks.port1;
    this.#abortPort = aborts.port1;
    this.#isInOrder = concurrency === 1;
    this.#table = SharedTable.forSlots(slots);
    this.#book = new SlotBook(slots);
    this.#sender = new TaskSender(name, this.#port, this.#table, this.#book);
    const first = firstFile(engine);
    const birth: BirthCertificate = {
      pool: name,
      workerId: id ?? 0,
      concurrency,
      parking,
      port: tasks.port2,
      abortPort: aborts.port2,
      table: this.#table.buffer,
      origin: clockOrigin(),
      compileCache: compileCacheDirectory(),
      plan: engine.plan(),
      ...(first !== engine.entry && { entry: engine.entry.href }),
    };
    const start = first === engine.entry ? startThread : startSourceThread;
    this.#worker = start(first, {
      ...threadOptions(thread),
      name: id === null ? `pool ${name} spare` : `pool ${name} #${id}`,
      workerData: { [WORKER_MARK]: birth },
      transferList: [tasks.port2, aborts.port2],
    });
    this.#loop = new LoopMeter(this.#worker);
    this.#port.on('message', (message: ToMain) => {
      const begun = performance.now();
      this.#receive(message);
      this.#poll(begun);
    });
    this.#port.on('messageerror', (error) => this.#onUnreadableResult(error));
    // The Worker itself holds the process open, or not.
    this.#port.unref();
    this.#worker.on('error', (error) => (this.#fatal ??= error));
    this.#worker.on('exit', (code) => this.#onExit(code));
    if (id === null) this.#relax();
  }

  becomes(workerId: number): void {
    this.#id = workerId;
    this.#port.postMessage(workerId satisfies ToWorker);
    if (!this.#isReady) this.#hold();
  }

  /** None once the thread is gone, though its last results are still to be read. */
  get room(): number {
    return this.#hasExited ? 0 : this.#book.room;
  }

  dispatch(tasks: readonly EngineTask[]): void {
    this.#hold();
    this.#table.isAlone = this.siblings.holding.size === 1;
    for (const failure of this.#sender.send(tasks)) this.#outcomes.push(failure);
    this.#promote();
    this.#report();
  }

  revoke(task: EngineTask): boolean {
    const slot = this.#book.slotOf(task);
    if (slot === NONE || !this.#table.revoke(slot)) return false;
    this.#book.vacate(slot);
    return true;
  }

  abort(task: EngineTask, reason: unknown): void {
    const slot = this.#book.slotOf(task);
    // A task that the thread has not claimed yet is taken back: the thread will skip it, and say so.
    if (slot === NONE || this.#table.revoke(slot)) return;
    const ticket = ticketOf(task.id);
    const message: AbortMessage = { slot, ticket, reason: encodeError(reason) };
    // In this order: the thread drops a reason that comes for a task of which it does not know that it is aborted.
    this.#table.requestAbort(slot, ticket);
    this.#abortPort.postMessage(message);
    // A worker that waits for credit stands still.
    this.#table.ring();
  }

  credit(task: EngineTask, n: number): void {
    const slot = this.#book.slotOf(task);
    if (slot === NONE || this.#hasExited) return;
    this.#port.postMessage([markSlot(slot), n] satisfies ToWorker);
    this.#table.ring();
  }

  retire(): void {
    if (this.#hasExited) return;
    this.#isLeaving = true;
    this.#hold();
    this.#port.postMessage('retire' satisfies ToWorker);
    this.#table.ring();
    const timer = setTimeout(() => this.terminate(), TEAR_DOWN_MS);
    this.#worker.once('exit', () => clearTimeout(timer));
  }

  terminate(): void {
    this.#isLeaving = true;
    this.#hold();
    void this.#worker.terminate();
  }

  poll(): void {
    this.#poll(performance.now());
  }

  #poll(begun: number): void {
    while (this.#readMessage());
    this.#table.awake();
    this.#collect();
    const share = (performance.now() - begun) / this.#outcomes.length;
    for (const { timing } of this.#outcomes) timing.dispatchMs += share;
    this.#report();
  }

  vitals(): WorkerVitals {
    const loopDelayMs = this.#table.loopDelayMs(performance.now());
    return { heapMb: this.#table.heapMb, elu: this.#loop.utilization(), loopDelayMs };
  }

  #readMessage(): boolean {
    try {
      const next = receiveMessageOnPort(this.#port);
      if (next) this.#receive(next.message as ToMain);
      return next !== undefined;
    } catch (error) {
      this.#onUnreadableResult(error);
      return true;
    }
  }

  #receive(message: ToMain): void {
    if (message === null) return;
    if (Array.isArray(message))
      return message[0] < 0 ? this.#onItems(message as ItemsMessage) : this.#onResult(message as ResultMessage);
    switch (message.kind) {
      case 'ready':
        this.#isReady = true;
        this.#relax();
        this.#sender.learnNames(message.tasks);
        return this.sink.ready({ threadId: this.#worker.threadId, tasks: message.tasks });
      case 'bootFailed':
        this.#fatal = decodeError(message.error, this.engine.errorClasses);
        return this.terminate();
      case 'opened':
        return this.#tell(message.slot, (task) => this.sink.opened(task));
      case 'progress':
        return this.#onProgress(message);
      case 'started':
        return this.#reportStart(message.slot);
      case 'error':
        return this.#end(message.slot, false, decodeError(message.error, this.engine.errorClasses));
      case 'unreadable':
        return this.#onUnreadableArguments(message.message, decodeError(message.error, this.engine.errorClasses));
      case 'log': {
        const { name: pool } = this.engine.pool;
        const parts = message.line.parts.map((part) => this.#decodedPart(part));
        return this.engine.onLog?.({
          ...message.line,
          parts,
          pool,
          workerId: this.#id ?? 0,
          threadId: this.#worker.threadId,
        });
      }
    }
  }

  #decodedPart(part: string | WireError): unknown {
    return typeof part === 'string' ? part : decodeError(part, this.engine.errorClasses);
  }

  #onResult([slot, value, buffers]: ResultMessage): void {
    this.#resultsRead++;
    const values = [value];
    if (buffers) restoreBuffers(values, buffers);
    this.#end(slot, ...this.#revived(slot, values[0]));
  }

  #revived(slot: number, value: unknown): [ok: boolean, value: unknown] {
    const task = this.#book.taskIn(slot);
    try {
      return [true, task && this.engine.reviveResult ? this.engine.reviveResult(task.name, value) : value];
    } catch (error) {
      return [false, error];
    }
  }

  #onItems(message: ItemsMessage): void {
    this.#resultsRead++;
    const [marked, buffers] = message;
    const items = message.slice(2);
    if (buffers) restoreBuffers(items, buffers);
    this.#tell(markSlot(marked), (task) => {
      const { reviveResult } = this.engine;
      for (const item of items) {
        if (this.#failing.has(task)) return;
        if (reviveResult) this.#tellRevived(task, item, reviveResult);
        else this.sink.item(task, item);
      }
    });
  }

  #tellRevived(task: EngineTask, copy: unknown, revive: (task: string, value: unknown) => unknown): void {
    let item: unknown;
    try {
      item = revive(task.name, copy);
    } catch (error) {
      return this.#failStream(task, error);
    }
    this.sink.item(task, item);
  }

  /** This side cannot go on with a stream: the thread leaves it, and whatever it says then, this is its end. */
  #failStream(task: EngineTask, error: unknown): void {
    this.#failing.set(task, error);
    this.abort(task, error);
  }

  #onProgress({ slot, value, buffers }: ProgressMessage): void {
    this.#table.reportRead();
    const values = [value];
    if (buffers) restoreBuffers(values, buffers);
    this.#tell(slot, (task) => this.sink.progress(task, values[0]));
  }

  /** Tells of a task that has begun: the ends of those before it, and its beginning, first. */
  #tell(slot: number, tell: (task: EngineTask) => void): void {
    if (this.#isInOrder && this.#book.first !== slot) {
      this.#collect();
      this.#report();
    }
    const task = this.#book.taskIn(slot);
    if (task) tell(task);
  }

  /** Reads results from the table. Where tasks are done in order, those behind one that is not done need no look. */
  #collect(): void {
    for (let slot = this.#book.first; slot !== NONE;) {
      const next = this.#book.after(slot);
      const claim = this.#table.claim(slot);
      if (claim === Claims.DONE && !this.#table.isPosted(slot)) this.#settle(slot, true, this.#table.result(slot));
      else if (claim === Claims.SKIPPED) this.#settleSkipped(slot);
      else if (this.#isInOrder) return;
      slot = next;
    }
  }

  /** A reply came in a message; what was done before it is in the table. */
  #end(slot: number, ok: boolean, value: unknown): void {
    if (this.#isInOrder) this.#collect();
    this.#settle(slot, ok, value);
  }

  #settle(slot: number, ok: boolean, value: unknown): void {
    const task = this.#book.taskIn(slot);
    const startedAt = this.#table.startedAt(slot);
    const timing = {
      serviceMs: this.#table.serviceMs(slot),
      cloneMs: this.#book.cloneMs[slot]!,
      dispatchMs: this.#book.sendMs[slot]!,
    };
    this.#release(slot);
    if (!task) return;
    if (task.answer !== 'value' && this.#failing.has(task)) [ok, value] = [false, this.#failing.get(task)];
    this.#outcomes.push({ task, ok, value, timing, startedAt });
  }

  #settleSkipped(slot: number): void {
    const task = this.#book.taskIn(slot);
    this.#release(slot);
    if (task) this.#outcomes.push({ task, ok: false, value: undefined, timing: untimed() });
  }

  #onUnreadableArguments(message: number, cause: unknown): void {
    for (let slot = this.#book.first; slot !== NONE; slot = this.#book.after(slot)) {
      if (this.#book.message[slot] === message) return this.#failUnreadable(slot, 'args', cause);
    }
  }

  #onUnreadableResult(cause: unknown): void {
    const message = ++this.#resultsRead;
    for (let slot = this.#book.first; slot !== NONE; slot = this.#book.after(slot)) {
      const isDone = this.#table.claim(slot) === Claims.DONE && this.#table.isPosted(slot);
      if (isDone && this.#table.message(slot) === message) return this.#failUnreadable(slot, 'result', cause);
    }
    this.#abortStreams(cause);
  }

  /** No result is missing, so it was an item; whose cannot be told where several tasks stream at once. */
  #abortStreams(cause: unknown): void {
    for (let slot = this.#book.first; slot !== NONE; slot = this.#book.after(slot)) {
      const task = this.#book.taskIn(slot);
      if (!task || task.answer === 'value' || this.#table.claim(slot) !== Claims.STARTED) continue;
      this.#failStream(task, this.#unreadable(task, 'items', cause));
    }
  }

  #failUnreadable(slot: number, path: string, cause: unknown): void {
    const task = this.#book.taskIn(slot);
    this.#release(slot);
    if (!task) return;
    const value = this.#unreadable(task, path, cause);
    this.#outcomes.push({ task, ok: false, value, timing: untimed() });
    this.#report();
  }

  #unreadable({ name: task }: EngineTask, path: string, cause: unknown): TaskCloneError {
    const { name: pool } = this.engine.pool;
    const message = `pool '${pool}', task '${task}': its ${path} could not be read on the other thread.`;
    return new TaskCloneError(message, { pool, path, cause });
  }

  #release(slot: number): void {
    this.#table.free(slot);
    this.#book.free(slot);
    this.#hasMadeRoom = true;
  }

  #report(): void {
    if (this.#outcomes.length === 0 && !this.#hasMadeRoom) return;
    const outcomes = this.#outcomes;
    this.#outcomes = [];
    this.#hasMadeRoom = false;
    this.#relax();
    this.sink.settled(outcomes);
    this.#promote();
  }

  /**
   * In a worker that does one task after the other, the first counts as started. Where a worker interleaves tasks, it
   * says itself when it begins one. To a thread that is gone (its last replies are being read) nothing starts: its
   * tasks will be handed back.
   */
  #promote(): void {
    if (!this.#isInOrder || this.#hasExited) return;
    for (let slot = this.#book.first; slot !== NONE; slot = this.#book.after(slot)) {
      const task = this.#book.taskIn(slot);
      if (task) return this.sink.started(task);
    }
  }

  #reportStart(slot: number): void {
    const task = this.#book.taskIn(slot);
    if (task) this.sink.started(task);
  }

  #hold(): void {
    if (this.#isHeld) return;
    this.#isHeld = true;
    this.siblings.holding.add(this);
    this.#worker.ref();
  }

  /** A thread without tasks does not hold the process open, unless somebody waits for it to leave. */
  #relax(): void {
    if (!this.#isHeld || !this.#book.isEmpty || this.#isLeaving) return;
    this.#isHeld = false;
    this.siblings.holding.delete(this);
    this.#worker.unref();
  }

  #onExit(code: number): void {
    this.#hasExited = true;
    this.siblings.holding.delete(this);
    // Replies that were posted before the end are still in the port.
    this.poll();
    this.#port.close();
    this.#abortPort.close();
    this.sink.exited({ code, error: this.#fatal, claim: (task) => this.#claimOf(task) });
  }

  #claimOf(task: EngineTask): Claim {
    const slot = this.#book.slotOf(task);
    const state = slot === NONE ? Claims.STARTED : this.#table.claim(slot);
    if (state === Claims.SENT) return 'sent';
    return state === Claims.DONE ? 'done' : 'started';
  }
}

function firstFile({ entry, sources }: ThreadEngineOptions): URL {
  const source = sources ? [entry.href, ...sources.files()].find(isTypeScript) : undefined;
  if (!sources || source === undefined) return entry;
  holdSwc(source);
  return sources.entry;
}

function startThread(file: URL, options: WorkerOptions): Worker {
  return new Worker(file, options);
}

/** `new Worker` tells an option that is undefined from one that is missing. */
function threadOptions({ resourceLimits, env, execArgv }: ResolvedPoolOptions['thread']): WorkerOptions {
  return {
    ...(resourceLimits && { resourceLimits }),
    ...(env && { env }),
    ...(execArgv && { execArgv: [...execArgv] }),
  };
}
