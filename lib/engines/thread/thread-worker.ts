import { MessageChannel, receiveMessageOnPort, type MessagePort, type Worker } from 'node:worker_threads';
import type { Claim, EngineTask, WorkerSink, WorkerVitals } from '../../core/engine.js';
import { LoopMeter } from './loop-meter.js';
import { markSlot, type AbortMessage, type LogLine, type ToMain, type ToWorker } from './protocol.js';
import { ReplyReader } from './reply-reader.js';
import { Claims, SharedTable, ticketOf } from './shared-layout.js';
import { NONE, SlotBook } from './slot-book.js';
import { startThread } from './start-thread.js';
import { TaskEnds } from './task-ends.js';
import { TaskSender } from './task-sender.js';
import type { ThreadEngineOptions } from './thread-engine.js';
import type { Recruit } from './warm-spares.js';
import { decodeError, encodeError } from './wire/error-codec.js';

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
  readonly #ends: TaskEnds;
  readonly #replies: ReplyReader;
  #fatal: unknown;
  #isHeld = true;
  #isReady = false;
  #id: number | null;
  #isLeaving = false;

  constructor(
    /** `null`: a spare, which does not hold the process open. */
    id: number | null,
    readonly sink: WorkerSink,
    readonly engine: ThreadEngineOptions,
    slots: number,
    readonly siblings: { readonly holding: Set<unknown> },
  ) {
    const { concurrency, name } = engine.pool;
    this.#id = id;
    const [tasks, aborts] = [new MessageChannel(), new MessageChannel()];
    this.#port = tasks.port1;
    this.#abortPort = aborts.port1;
    this.#table = SharedTable.forSlots(slots);
    this.#book = new SlotBook(slots);
    this.#sender = new TaskSender(name, this.#port, this.#table, this.#book);
    this.#ends = new TaskEnds(this.#table, this.#book, sink, concurrency === 1, () => this.#relax());
    this.#replies = new ReplyReader({
      engine,
      sink,
      table: this.#table,
      book: this.#book,
      ends: this.#ends,
    });
    this.#worker = startThread(engine, id, { port: tasks.port2, abortPort: aborts.port2, table: this.#table.buffer });
    this.#loop = new LoopMeter(this.#worker);
    this.#port.on('message', (message: ToMain) => {
      const begun = performance.now();
      this.#receive(message);
      this.#poll(begun);
    });
    this.#port.on('messageerror', (error) => this.#replies.receiveUnreadable(error));
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
    return this.#ends.hasExited ? 0 : this.#book.room;
  }

  dispatch(tasks: readonly EngineTask[]): void {
    this.#hold();
    this.#table.isAlone = this.siblings.holding.size === 1;
    this.#ends.add(this.#sender.send(tasks));
    this.#ends.promote();
    this.#ends.report();
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
    if (slot === NONE || this.#ends.hasExited) return;
    this.#port.postMessage([markSlot(slot), n] satisfies ToWorker);
    this.#table.ring();
  }

  retire(): void {
    if (this.#ends.hasExited) return;
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
    this.#ends.collect();
    this.#ends.report(begun);
  }

  vitals(): WorkerVitals {
    const loopDelayMs = this.#table.loopDelayMs(performance.now());
    return { heapMb: this.#table.heapMb, elu: this.#loop.utilization(), loopDelayMs };
  }

  #readMessage(): boolean {
    let next: ReturnType<typeof receiveMessageOnPort>;
    try {
      next = receiveMessageOnPort(this.#port);
    } catch (error) {
      this.#replies.receiveUnreadable(error);
      return true;
    }
    if (next) this.#receive(next.message as ToMain);
    return next !== undefined;
  }

  #receive(message: ToMain): void {
    if (message === null) return;
    if (Array.isArray(message)) return this.#replies.receive(message);
    switch (message.kind) {
      case 'ready':
        this.#isReady = true;
        this.#relax();
        this.#sender.learnNames(message.tasks);
        return this.sink.ready({ threadId: this.#worker.threadId, tasks: message.tasks });
      case 'bootFailed':
        this.#fatal = decodeError(message.error, this.engine.errorClasses);
        return this.terminate();
      case 'log':
        return this.#passOn(message.line);
      default:
        return this.#replies.receive(message);
    }
  }

  #passOn(line: LogLine): void {
    const { onLog, errorClasses, pool } = this.engine;
    const parts = line.parts.map((part) => (typeof part === 'string' ? part : decodeError(part, errorClasses)));
    const { threadId } = this.#worker;
    onLog?.({ ...line, parts, pool: pool.name, workerId: this.#id ?? 0, threadId });
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
    this.#ends.hasExited = true;
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
