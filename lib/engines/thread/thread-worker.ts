import {
  MessageChannel,
  receiveMessageOnPort,
  Worker,
  type MessagePort,
  type WorkerOptions,
} from 'node:worker_threads';
import type { Claim, EngineTask, EngineWorker, WorkerSink, WorkerVitals } from '../../core/engine.js';
import { TaskCloneError } from '../../core/errors.js';
import type { ResolvedPoolOptions } from '../../core/pool/resolve-options.js';
import { WORKER_MARK } from '../worker-mark.js';
import type { AbortMessage, BirthCertificate, Reply, ToMain, ToWorker } from './protocol.js';
import { Claims, SharedTable, ticketOf } from './shared-layout.js';
import { SlotBook } from './slot-book.js';
import type { ThreadEngineOptions } from './thread-engine.js';
import { LoopMeter } from './loop-meter.js';
import { compact, findBuffers, restoreBuffers } from './wire/buffers.js';
import { cloneError } from './wire/clone-path.js';
import { decodeError, encodeError } from './wire/error-codec.js';

/** Tear-down of a worker that leaves may take this long, milliseconds; then its thread is terminated. */
const TEAR_DOWN_MS = 10_000;

/** Of a task that never ran. */
const UNTIMED = { serviceMs: 0, cloneMs: 0, dispatchMs: 0 };

/**
 * The main thread's side of one worker thread.
 *
 * `booting` → `ready` → gone. The thread holds the process open while it boots or holds tasks, not while it idles.
 */
export class ThreadWorker implements EngineWorker {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #abortPort: MessagePort;
  readonly #table: SharedTable;
  readonly #slots: SlotBook;
  readonly #loop: LoopMeter;
  #fatal: unknown;
  #isLeaving = false;
  #hasExited = false;

  constructor(
    readonly id: number,
    readonly sink: WorkerSink,
    readonly engine: ThreadEngineOptions,
  ) {
    const { concurrency, name, thread } = engine.pool;
    const [tasks, aborts] = [new MessageChannel(), new MessageChannel()];
    this.#port = tasks.port1;
    this.#abortPort = aborts.port1;
    this.#table = SharedTable.forSlots(concurrency);
    this.#slots = new SlotBook(concurrency);
    const birth: BirthCertificate = {
      pool: name,
      workerId: id,
      concurrency,
      port: tasks.port2,
      abortPort: aborts.port2,
      table: this.#table.buffer,
      plan: engine.plan(),
    };
    this.#worker = new Worker(engine.entry, {
      ...threadOptions(thread),
      name: `pool ${name} #${id}`,
      workerData: { [WORKER_MARK]: birth },
      transferList: [tasks.port2, aborts.port2],
    });
    this.#loop = new LoopMeter(this.#worker);
    this.#port.on('message', (message: ToMain) => this.#receive(message));
    this.#port.on('messageerror', (error) => this.#failAll(Claims.DONE, 'result', error));
    // The Worker itself holds the process open, or not.
    this.#port.unref();
    this.#worker.on('error', (error) => (this.#fatal ??= error));
    this.#worker.on('exit', (code) => this.#onExit(code));
  }

  dispatch(tasks: readonly EngineTask[]): void {
    this.#worker.ref();
    for (const task of tasks) this.#send(task);
    this.#relax();
  }

  revoke(task: EngineTask): boolean {
    const slot = this.#slots.slotOf(task);
    return slot !== undefined && this.#table.revoke(slot);
  }

  abort(task: EngineTask, reason: unknown): void {
    const slot = this.#slots.slotOf(task);
    // A task that the thread has not claimed yet is taken back: the thread will skip it, and say so.
    if (slot === undefined || this.#table.revoke(slot)) return;
    const ticket = ticketOf(task.id);
    const message: AbortMessage = { slot, ticket, reason: encodeError(reason) };
    // In this order: the thread drops a reason that comes for a task of which it does not know that it is aborted.
    this.#table.requestAbort(slot, ticket);
    this.#abortPort.postMessage(message);
  }

  retire(): void {
    this.#isLeaving = true;
    this.#worker.ref();
    this.#port.postMessage({ kind: 'retire' } satisfies ToWorker);
    const timer = setTimeout(() => this.terminate(), TEAR_DOWN_MS);
    this.#worker.once('exit', () => clearTimeout(timer));
  }

  terminate(): void {
    this.#isLeaving = true;
    this.#worker.ref();
    void this.#worker.terminate();
  }

  poll(): void {
    for (let next = receiveMessageOnPort(this.#port); next; next = receiveMessageOnPort(this.#port)) {
      this.#receive(next.message as ToMain);
    }
  }

  vitals(): WorkerVitals {
    return { heapMb: this.#table.heapMb, elu: this.#loop.utilization(), loopDelayMs: 0 };
  }

  #send(task: EngineTask): void {
    const slot = this.#slots.take(task);
    this.#table.send(slot);
    const sentAt = performance.now();
    const message = prepare(task, slot);
    try {
      this.#port.postMessage(message, task.transfer);
    } catch (error) {
      this.#release(slot);
      const value = cloneError(this.engine.pool.name, task.name, message.args, 'args', error, task.transfer);
      this.sink.settled([{ task, ok: false, value, timing: UNTIMED }]);
      return;
    }
    this.#slots.note(slot, { sentAt, cloneMs: performance.now() - sentAt });
    // Where a worker interleaves tasks, it says itself when it begins one. To a thread that is gone (its last replies
    // are being read) nothing starts: the task will be handed back.
    if (this.engine.pool.concurrency === 1 && !this.#hasExited) this.sink.started(task);
  }

  #receive(message: ToMain): void {
    switch (message.kind) {
      case 'ready':
        this.#relax();
        return this.sink.ready({ threadId: this.#worker.threadId, tasks: message.tasks });
      case 'bootFailed':
        this.#fatal = decodeError(message.error, this.engine.errorClasses);
        return this.terminate();
      case 'started':
        return this.#reportStart(message.slot);
      case 'skipped':
        return this.#settleSkipped(message.slot);
      case 'unreadable':
        return this.#failAll(Claims.SENT, 'args', decodeError(message.error, this.engine.errorClasses));
      case 'log': {
        const { name: pool } = this.engine.pool;
        return this.engine.onLog?.({ pool, workerId: this.id, threadId: this.#worker.threadId, ...message.line });
      }
      default:
        return this.#settle(message);
    }
  }

  #reportStart(slot: number): void {
    const task = this.#slots.taskIn(slot);
    if (task) this.sink.started(task);
  }

  #settle(reply: Reply): void {
    const task = this.#slots.taskIn(reply.slot);
    const { cloneMs, sentAt } = this.#slots.sending(reply.slot);
    this.#release(reply.slot);
    if (!task) return;
    const { serviceMs } = reply;
    const dispatchMs = Math.max(0, performance.now() - sentAt - cloneMs - serviceMs);
    const timing = { serviceMs, cloneMs, dispatchMs };
    if (reply.kind === 'error') {
      const value = decodeError(reply.error, this.engine.errorClasses);
      return this.sink.settled([{ task, ok: false, value, timing }]);
    }
    const values = [reply.value];
    if (reply.buffers) restoreBuffers(values, reply.buffers);
    this.sink.settled([{ task, ok: true, value: values[0], timing }]);
  }

  #settleSkipped(slot: number): void {
    const task = this.#slots.taskIn(slot);
    this.#release(slot);
    if (task) this.sink.settled([{ task, ok: false, value: undefined, timing: UNTIMED }]);
  }

  /** A message could not be read on the other side; it does not say whose it was, the claim states do. */
  #failAll(claim: number, path: string, cause: unknown): void {
    for (const { task, slot } of this.#slots.entries()) {
      if (this.#table.claim(slot) !== claim) continue;
      this.#release(slot);
      const { name: pool } = this.engine.pool;
      const message = `pool '${pool}', task '${task.name}': its ${path} could not be read on the other thread.`;
      this.sink.settled([
        { task, ok: false, value: new TaskCloneError(message, { pool, path, cause }), timing: UNTIMED },
      ]);
    }
  }

  #release(slot: number): void {
    this.#table.free(slot);
    this.#slots.free(slot);
    this.#relax();
  }

  /** A thread without tasks does not hold the process open, unless somebody waits for it to leave. */
  #relax(): void {
    if (this.#slots.isEmpty && !this.#isLeaving) this.#worker.unref();
  }

  #onExit(code: number): void {
    this.#hasExited = true;
    // Replies that were posted before the end are still in the port.
    this.poll();
    this.#port.close();
    this.#abortPort.close();
    this.sink.exited({ code, error: this.#fatal, claim: (task) => this.#claimOf(task) });
  }

  #claimOf(task: EngineTask): Claim {
    const slot = this.#slots.slotOf(task);
    const state = slot === undefined ? Claims.STARTED : this.#table.claim(slot);
    if (state === Claims.SENT) return 'sent';
    return state === Claims.DONE ? 'done' : 'started';
  }
}

/** The message for a task: signals cannot be cloned and get a place-holder, Buffers are noted down. */
function prepare(task: EngineTask, slot: number): ToWorker & { kind: 'task' } {
  const args = [...compact(task.args, task.transfer)];
  for (const index of task.signalArgs) args[index] = null;
  const signals = task.signalArgs.length === 0 ? null : task.signalArgs;
  return { kind: 'task', slot, name: task.name, args, signals, buffers: findBuffers(args) };
}

/** `new Worker` tells an option that is undefined from one that is missing. */
function threadOptions({ resourceLimits, env, execArgv }: ResolvedPoolOptions['thread']): WorkerOptions {
  return {
    ...(resourceLimits && { resourceLimits }),
    ...(env && { env }),
    ...(execArgv && { execArgv: [...execArgv] }),
  };
}
