import { getHeapStatistics } from 'node:v8';
import type { MessagePort, Transferable } from 'node:worker_threads';
import { TaskCloneError } from '../../../core/errors.js';
import { streamOf } from '../../streams/stream-source.js';
import {
  clockOrigin,
  markSlot,
  type BirthCertificate,
  type ItemsMessage,
  type ResultMessage,
  type ToMain,
} from '../protocol.js';
import type { SharedTable } from '../shared-layout.js';
import { compact, findBuffers, type BufferPath } from '../wire/buffers.js';
import { cloneError } from '../wire/clone-path.js';
import { encodeError } from '../wire/error-codec.js';
import type { Job } from './jobs.js';
import { logLines } from './log-lines.js';
import type { ProgressReports } from './progress-reports.js';
import { transferListOf } from './transfer.js';

/** Between two looks at the heap, milliseconds. */
const HEAP_SAMPLE_MS = 100;
/**
 * Results in the table are announced after this share of the time that the work ahead will take, but neither sooner nor
 * later than within these milliseconds: a wake-up costs main about as much as ten tasks.
 */
const ANNOUNCE = { share: 0.25, soonestMs: 0.05, latestMs: 1 };

/**
 * Hands results to main: in the shared table where they fit, else in a message of their own. What is in the table is
 * announced by one wake-up for many; where a slow task comes in between, main looks for itself.
 */
export class Replies {
  readonly #port: MessagePort;
  /** From this thread's clock to main's. */
  readonly #offset: number;
  #results = 0;
  #isAnnounced = true;
  #announcedAt = 0;
  #heapSampledAt = -Infinity;
  #linesSeen = logLines.posted;

  constructor(
    readonly birth: BirthCertificate,
    readonly table: SharedTable,
    /** What they hold back goes ahead of the end. */
    readonly progress: Pick<ProgressReports, 'flush' | 'posted'>,
  ) {
    this.#port = birth.port;
    this.#offset = clockOrigin() - birth.origin;
  }

  /** Work begins; what comes of it need not be announced before a few tasks are done. */
  begin(now: number): void {
    this.#announcedAt = now;
  }

  /** Announces what is done if it is time to, with work of about `aheadMs` still to do. */
  announceWhenDue(now: number, aheadMs: number): void {
    const patienceMs = Math.min(ANNOUNCE.latestMs, Math.max(ANNOUNCE.soonestMs, ANNOUNCE.share * aheadMs));
    if (now - this.#announcedAt >= patienceMs) this.announce(now);
  }

  /** Times are this thread's, in milliseconds. */
  result(job: Job, value: unknown, begun: number, ended: number): void {
    this.#sampleHeap(ended);
    const mustPost = this.#hasLogged() || job.hasPosted;
    if (!mustPost && this.table.finish(job.slot, begun + this.#offset, ended - begun, value)) this.#isAnnounced = false;
    else this.#postResult(job, value, begun, ended);
  }

  error(job: Job, thrown: unknown, begun: number, ended: number): void {
    this.#sampleHeap(ended);
    this.progress.flush(job);
    this.table.finishPosted(job.slot, begun + this.#offset, ended - begun, 0);
    this.#postError(job, thrown);
  }

  /** A revoked task was passed over. */
  skipped(slot: number): void {
    this.table.skip(slot);
    this.#isAnnounced = false;
  }

  /** Wakes main, if there is something that it does not know of. */
  announce(now: number): void {
    if (this.#isAnnounced) return;
    this.#isAnnounced = true;
    this.#announcedAt = now;
    if (this.table.mustWake()) this.post(null);
  }

  post(message: ToMain): void {
    this.#port.postMessage(message);
  }

  /** A result in the table could overtake log lines that are on their way; one that is posted stands behind them. */
  #hasLogged(): boolean {
    if (logLines.posted === this.#linesSeen) return false;
    this.#linesSeen = logLines.posted;
    return true;
  }

  /** Throws what cannot be cloned, as the port does. */
  items(
    job: Job,
    items: readonly unknown[],
    buffers: readonly BufferPath[] | null,
    transfer?: readonly Transferable[],
  ) {
    job.hasPosted = true;
    this.#port.postMessage([markSlot(job.slot), buffers, ...items] satisfies ItemsMessage, transfer);
    // Main counts what it reads: of a message that it cannot read it knows nothing else.
    this.#results++;
  }

  #postResult(job: Job, result: unknown, begun: number, ended: number): void {
    this.progress.flush(job);
    const transfer = transferListOf(result);
    this.table.finishPosted(job.slot, begun + this.#offset, ended - begun, ++this.#results + this.progress.posted);
    try {
      const [value] = compact([result], transfer);
      this.#port.postMessage([job.slot, value, findBuffers([result])] satisfies ResultMessage, transfer);
    } catch (error) {
      this.#results--;
      const refused = cloneError(this.birth.pool, job.name, result, 'result', error, transfer);
      this.#postError(job, streamOf(result) ? streamRefused(this.birth.pool, job.name, refused) : refused);
    }
  }

  #postError({ slot, name: task }: Job, thrown: unknown): void {
    this.post({ kind: 'error', slot, error: encodeError(thrown, { pool: this.birth.pool, task }) });
  }

  #sampleHeap(now: number): void {
    if (now - this.#heapSampledAt < HEAP_SAMPLE_MS) return;
    this.#heapSampledAt = now;
    this.table.heapBytes = getHeapStatistics().used_heap_size;
  }
}

function streamRefused(pool: string, task: string, cause: TaskCloneError): TaskCloneError {
  return new TaskCloneError(
    `pool '${pool}', task '${task}': its result is a stream, which run() cannot send back from a worker thread. Call stream() for it, or return its items in an array.`,
    { pool, path: cause.path, cause },
  );
}
