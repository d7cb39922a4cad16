import { receiveMessageOnPort, workerData, type MessagePort } from 'node:worker_threads';
import { WORKER_MARK } from '../../worker-mark.js';
import { clockOrigin, type BirthCertificate, type LogLine, type ToMain, type ToWorker } from '../protocol.js';
import { keepCompiled, shareCompileCache } from '../compile-cache.js';
import { SharedTable } from '../shared-layout.js';
import type { BootTaskHost, TaskHost } from '../task-host.js';
import { encodeError } from '../wire/error-codec.js';
import { AbortSignals } from './abort-signals.js';
import { followContexts, storeContexts } from './contexts.js';
import { InOrderRunner } from './in-order-runner.js';
import { InterleavingRunner } from './interleaving-runner.js';
import { JobReader, type Job, type TaskRunner } from './jobs.js';
import { LoopPulse } from './loop-pulse.js';
import { MailWait } from './mail-wait.js';
import { Replies } from './replies.js';

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
  readonly #replies: Replies;
  readonly #runner: TaskRunner;
  readonly #pulse: LoopPulse;
  #host: TaskHost = { tasks: new Map() };
  #reader = new JobReader(this.#host);
  #messages = 0;
  #workerId: number;

  constructor(readonly birth: BirthCertificate) {
    const { concurrency, parking, port } = birth;
    this.#workerId = birth.workerId;
    const workerId = () => this.#workerId;
    const table = new SharedTable(birth.table);
    const signals = new AbortSignals(table, birth.abortPort);
    this.#port = port;
    this.#replies = new Replies(birth, table);
    const fetch = (jobs: (Job | null)[]) => this.#fetch(jobs);
    this.#runner =
      concurrency === 1
        ? new InOrderRunner(
            table,
            signals,
            followContexts(workerId, signals),
            this.#replies,
            new MailWait(table, parking),
            fetch,
          )
        : new InterleavingRunner(table, signals, storeContexts(workerId, signals), this.#replies);
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
    this.#reader = new JobReader(this.#host);
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
    if (typeof message === 'number') return void (this.#workerId = message);
    if (message === 'retire') return void this.#leave();
    this.#messages++;
    this.#pulse.worked();
    this.#reader.read(message, jobs);
  }

  /** Reads the next message that the event loop has not delivered yet. */
  #fetch(jobs: (Job | null)[]): void {
    try {
      const next = receiveMessageOnPort(this.#port);
      if (next) this.#receive(next.message as ToWorker, jobs);
    } catch (error) {
      this.#onUnreadable(error);
    }
  }

  #onUnreadable(error: unknown): void {
    this.#replies.post({ kind: 'unreadable', message: ++this.#messages, error: encodeError(error) });
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
}
