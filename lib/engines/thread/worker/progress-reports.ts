import type { Transferable } from 'node:worker_threads';
import type { BirthCertificate, ProgressMessage } from '../protocol.js';
import type { SharedTable } from '../shared-layout.js';
import { compact, findBuffers, type BufferPath } from '../wire/buffers.js';
import { cloneError } from '../wire/clone-path.js';
import { isPrimitive } from '../wire/primitives.js';
import type { Job } from './jobs.js';
import { transferListOf } from './transfer.js';

/** Most reports that main has not read yet. */
const MOST_UNREAD = 64;
/** After this long, milliseconds, it is seen whether there is room for what is held back. */
const LOOK_AGAIN_MS = 10;

/** A report as it was when the task made it. */
interface Report {
  readonly value: unknown;
  readonly buffers: readonly BufferPath[] | null;
  readonly transfer: readonly Transferable[] | undefined;
}

/**
 * Tells main how far tasks are. A task that reports faster than main reads has one report held back, the latest: it leaves
 * when there is room, and at the latest right before the task's end.
 */
export class ProgressReports {
  /** Modulo 2^32, as main counts what it has read. */
  #posted = 0;
  readonly #held = new Map<Job, Report>();
  #willLook = false;

  constructor(
    readonly birth: BirthCertificate,
    readonly table: SharedTable,
  ) {}

  /** Nothing is told of a task that has ended. @throws TaskCloneError */
  tell(job: Job, value: unknown): void {
    if (!job.isRunning) return;
    const transfer = transferListOf(value);
    const buffers = findBuffers([value]);
    const [compacted] = compact([value], transfer);
    try {
      if (this.#hasRoom) {
        this.#held.delete(job);
        this.#post(job, { value: compacted, buffers, transfer });
      } else {
        this.#hold(job, { buffers, ...copied(compacted, transfer) });
      }
    } catch (error) {
      throw cloneError(this.birth.pool, job.name, value, 'progress', error, transfer);
    }
  }

  /** The task ends now. */
  flush(job: Job): void {
    const held = this.#held.get(job);
    if (!held) return;
    this.#held.delete(job);
    this.#post(job, held);
  }

  /** How many were posted. Main counts what it reads: of a message that it cannot read it knows nothing else. */
  get posted(): number {
    return this.#posted;
  }

  get #hasRoom(): boolean {
    return this.table.unreadReports(this.#posted) < MOST_UNREAD;
  }

  #hold(job: Job, held: Report): void {
    job.hasPosted = true;
    this.#held.set(job, held);
    this.#lookLater();
  }

  readonly #lookAgain = (): void => {
    this.#willLook = false;
    for (const [job, held] of this.#held) {
      if (!this.#hasRoom) break;
      this.#held.delete(job);
      this.#post(job, held);
    }
    if (this.#held.size > 0) this.#lookLater();
  };

  #lookLater(): void {
    if (this.#willLook) return;
    this.#willLook = true;
    setTimeout(this.#lookAgain, LOOK_AGAIN_MS).unref();
  }

  #post(job: Job, { value, buffers, transfer }: Report): void {
    const message: ProgressMessage = { kind: 'progress', slot: job.slot, value, buffers };
    this.birth.port.postMessage(message, transfer);
    job.hasPosted = true;
    this.#posted = (this.#posted + 1) | 0;
  }
}

/** A copy, and what of it is to move in its turn. */
function copied(value: unknown, transfer: readonly Transferable[] = []): Pick<Report, 'value' | 'transfer'> {
  if (isPrimitive(value)) return { value, transfer: undefined };
  const [copy, moved] = structuredClone([value, transfer] as const, { transfer: [...transfer] as ArrayBuffer[] });
  return { value: copy, transfer: moved };
}
