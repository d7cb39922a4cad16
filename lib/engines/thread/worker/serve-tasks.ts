import { receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import type { CreditGate } from '../../streams/credit-gate.js';
import { keepCompiled, shareCompileCache } from '../compile-cache.js';
import { clockOrigin, markSlot, type BirthCertificate, type CreditMessage, type ToWorker } from '../protocol.js';
import { SharedTable } from '../shared-layout.js';
import type { BootTaskHost, TaskHost } from '../task-host.js';
import { encodeError } from '../wire/error-codec.js';
import { AbortSignals } from './abort-signals.js';
import { certificate, joinAs, workerNumber } from './certificate.js';
import { followContexts, storeContexts, type TellProgress } from './contexts.js';
import { InOrderRunner } from './in-order-runner.js';
import { InterleavingRunner } from './interleaving-runner.js';
import { JobReader, type Job, type TaskRunner } from './jobs.js';
import { flushLog, logLines, postLog } from './log-lines.js';
import { LoopPulse } from './loop-pulse.js';
import { MailWait } from './mail-wait.js';
import { ProgressReports } from './progress-reports.js';
import { Replies } from './replies.js';
import { Streams } from './streams.js';

/** A worker that stands still looks up after this long at the latest, milliseconds; mail wakes it. */
const STAND_MS = 100;

/** Runs inside a thread: builds its tasks with `boot`, tells main which they are, and serves until told to leave. */
export function serveTasks(boot: BootTaskHost): void {
  void new TaskServer(certificate()).serve(boot);
}

function isCredit(message: Exclude<ToWorker, 'retire'>): message is CreditMessage {
  return Array.isArray(message) && (message[0] as number) < 0;
}

/** `booting` → `serving` → left. */
class TaskServer {
  readonly #port: MessagePort;
  readonly #replies: Replies;
  readonly #runner: TaskRunner;
  readonly #pulse: LoopPulse;
  readonly #streams: Streams;
  #host: TaskHost = { tasks: new Map() };
  #reader: JobReader;
  #messages = 0;

  constructor(readonly birth: BirthCertificate) {
    const { concurrency, parking, port } = birth;
    const table = new SharedTable(birth.table);
    const signals = new AbortSignals(table, birth.abortPort);
    this.#port = port;
    const progress = new ProgressReports(birth, table);
    this.#replies = new Replies(birth, table, progress);
    const fetch = (jobs: (Job | null)[]) => this.#fetch(jobs);
    const tell: TellProgress = (job, value) => progress.tell(job, value);
    // Where tasks interleave, stopping the thread for one would stop them all.
    const block =
      concurrency === 1 ? (gate: CreditGate, signal: AbortSignal) => this.#block(gate, signal, table) : null;
    this.#streams = new Streams(birth.pool, signals, this.#replies, block);
    this.#reader = new JobReader(this.#host, this.#streams);
    this.#runner =
      concurrency === 1
        ? new InOrderRunner(
            table,
            signals,
            followContexts(workerNumber, signals, tell),
            this.#replies,
            new MailWait(table, parking),
            fetch,
          )
        : new InterleavingRunner(table, signals, storeContexts(workerNumber, signals, tell), this.#replies);
    this.#pulse = new LoopPulse(table, clockOrigin() - birth.origin, () => this.#runner.isIdle);
  }

  async serve(boot: BootTaskHost): Promise<void> {
    shareCompileCache(this.birth.compileCache);
    try {
      this.#host = await boot(this.birth.plan);
    } catch (error) {
      this.#replies.post({ kind: 'bootFailed', error: encodeError(error) });
      return;
    }
    this.#reader = new JobReader(this.#host, this.#streams);
    logLines.correlationIds = this.#host.correlationIds ?? null;
    this.#port.on('messageerror', (error) => this.#onUnreadable(error));
    this.#port.on('message', (message: ToWorker) => {
      const jobs: Job[] = [];
      this.#receive(message, jobs);
      this.#runner.take(jobs);
    });
    this.#pulse.worked();
    this.#replies.post({ kind: 'ready', tasks: [...this.#host.tasks.keys()] });
    keepCompiled();
  }

  #receive(message: ToWorker, jobs: (Job | null)[]): void {
    if (typeof message === 'number') return joinAs(message);
    if (message === 'retire') return void this.#leave();
    if (isCredit(message)) return this.#streams.credit(markSlot(message[0]), message[1]);
    this.#messages++;
    this.#pulse.worked();
    this.#reader.read(message, jobs);
  }

  /** Reads the next message that the event loop has not delivered yet; false where there is none. */
  #fetch(jobs: (Job | null)[]): boolean {
    try {
      const next = receiveMessageOnPort(this.#port);
      if (next) this.#receive(next.message as ToWorker, jobs);
      return next !== undefined;
    } catch (error) {
      this.#onUnreadable(error);
      return true;
    }
  }

  /** Stands still until a stream has credit, or nobody wants it any more; reads its mail meanwhile. */
  #block(gate: CreditGate, signal: AbortSignal, table: SharedTable): void {
    const jobs: Job[] = [];
    for (;;) {
      const seen = table.mail;
      while (this.#fetch(jobs));
      // To ask the signal is to look whether there is an abort; it closes the gate.
      if (gate.credit > 0 || signal.aborted || gate.isClosed) break;
      table.park(seen, STAND_MS);
    }
    this.#runner.take(jobs);
  }

  #onUnreadable(error: unknown): void {
    this.#replies.post({ kind: 'unreadable', message: ++this.#messages, error: encodeError(error) });
  }

  async #leave(): Promise<void> {
    try {
      await this.#host.close?.();
      flushLog();
      process.exit(0);
    } catch (error) {
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      postLog('error', [`Tear-down failed: ${message}`]);
      flushLog();
      process.exit(1);
    }
  }
}
