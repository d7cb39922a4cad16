import { getHeapStatistics } from 'node:v8';
import { workerData, type MessagePort } from 'node:worker_threads';
import { addTaskContextSource } from '../../task-context.js';
import { WORKER_MARK } from '../../worker-mark.js';
import type { BirthCertificate, LogLine, ToMain, ToWorker } from '../protocol.js';
import { SharedTable } from '../shared-layout.js';
import type { BootTaskHost, TaskHost } from '../task-host.js';
import { compact, findBuffers, restoreBuffers } from '../wire/buffers.js';
import { cloneError } from '../wire/clone-path.js';
import { encodeError } from '../wire/error-codec.js';
import { AbortSignals } from './abort-signals.js';
import { createContexts, type Contexts } from './contexts.js';
import { transferListOf } from './transfer.js';

/** Between two looks at the heap, milliseconds. */
const HEAP_SAMPLE_MS = 100;

/** Runs inside a thread: builds its tasks with `boot`, tells main which they are, and serves until told to leave. */
export function serveTasks(boot: BootTaskHost): void {
  void new TaskServer(certificate()).serve(boot);
}

/** Sends a log line to the main thread. */
export function postLog(line: LogLine): void {
  certificate().port.postMessage({ kind: 'log', line } satisfies ToMain);
}

function certificate(): BirthCertificate {
  return (workerData as Record<typeof WORKER_MARK, BirthCertificate>)[WORKER_MARK];
}

/** `booting` → `serving` → left. */
class TaskServer {
  readonly #port: MessagePort;
  readonly #table: SharedTable;
  readonly #signals: AbortSignals;
  readonly #contexts: Contexts;
  #host: TaskHost = { tasks: new Map() };
  #heapSampledAt = -Infinity;

  constructor(readonly birth: BirthCertificate) {
    this.#port = birth.port;
    this.#table = new SharedTable(birth.table);
    this.#signals = new AbortSignals(this.#table, birth.abortPort);
    this.#contexts = createContexts(birth.concurrency, birth.workerId, this.#signals);
    addTaskContextSource(this.#contexts.current);
  }

  async serve(boot: BootTaskHost): Promise<void> {
    try {
      this.#host = await boot(this.birth.plan);
    } catch (error) {
      this.#post({ kind: 'bootFailed', error: encodeError(error) });
      return;
    }
    this.#port.on('messageerror', (error) => this.#post({ kind: 'unreadable', error: encodeError(error) }));
    this.#port.on('message', (message: ToWorker) => {
      if (message.kind === 'task') void this.#run(message);
      else void this.#leave();
    });
    this.#post({ kind: 'ready', tasks: [...this.#host.tasks.keys()] });
  }

  async #run({ slot, name, args, signals, buffers }: ToWorker & { kind: 'task' }): Promise<void> {
    if (!this.#table.start(slot)) return this.#post({ kind: 'skipped', slot });
    if (this.birth.concurrency > 1) this.#post({ kind: 'started', slot });
    const begun = performance.now();
    if (buffers) restoreBuffers(args, buffers);
    if (signals) for (const index of signals) args[index] = this.#signals.of(slot);
    try {
      const value = await this.#contexts.run(slot, () => this.#host.tasks.get(name)!(...args));
      this.#end(slot);
      this.#postResult(slot, name, value, performance.now() - begun);
    } catch (error) {
      this.#end(slot);
      this.#postError(slot, name, error, performance.now() - begun);
    }
  }

  #end(slot: number): void {
    this.#signals.forget(slot);
    this.#sampleHeap();
    this.#table.finish(slot);
  }

  #postResult(slot: number, name: string, result: unknown, serviceMs: number): void {
    const transfer = transferListOf(result);
    const [value] = compact([result], transfer);
    const reply: ToMain = { kind: 'result', slot, value, buffers: findBuffers([result]), serviceMs };
    try {
      this.#port.postMessage(reply, transfer);
    } catch (error) {
      this.#postError(slot, name, cloneError(this.birth.pool, name, result, 'result', error, transfer), serviceMs);
    }
  }

  #postError(slot: number, task: string, thrown: unknown, serviceMs: number): void {
    this.#post({ kind: 'error', slot, error: encodeError(thrown, { pool: this.birth.pool, task }), serviceMs });
  }

  #sampleHeap(): void {
    const now = performance.now();
    if (now - this.#heapSampledAt < HEAP_SAMPLE_MS) return;
    this.#heapSampledAt = now;
    this.#table.heapBytes = getHeapStatistics().used_heap_size;
  }

  async #leave(): Promise<void> {
    try {
      await this.#host.close?.();
      process.exit(0);
    } catch (error) {
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      postLog({ level: 'error', message: `Tear-down failed: ${message}` });
      process.exit(1);
    }
  }

  #post(message: ToMain): void {
    this.#port.postMessage(message);
  }
}
