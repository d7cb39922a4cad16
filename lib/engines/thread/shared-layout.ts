/**
 * The memory that a worker thread shares with the main thread: one SharedArrayBuffer of 32-bit words for each worker,
 * read and written with Atomics.
 *
 *   word 0             heap in use, KiB; written by the worker when a task ends
 *   word 1 + 2 * slot  claim state of the task in this slot
 *   word 2 + 2 * slot  the ticket of the task in this slot once it is to be aborted (its reason is then on its way to
 *                      the abort port), else 0; the ticket tells an abort that arrives late from one for the slot's
 *                      next task
 *
 * A slot holds one task at a time. Claim states, and who moves them:
 *
 *   FREE    -> SENT      main, before it posts the task
 *   SENT    -> STARTED   worker, by compare-exchange, before it runs the task
 *   SENT    -> REVOKED   main, by compare-exchange: the worker will skip the task and acknowledge
 *   STARTED -> DONE      worker, before it posts the reply
 *   DONE    -> FREE      main, when it has the reply
 *   REVOKED -> FREE      main, when it has the acknowledgement; the slot is not used again before
 *
 * After a crash the table tells exactly what became of each task: SENT never began, STARTED was cut short, DONE had
 * ended and its reply was lost.
 */
export const Claims = { FREE: 0, SENT: 1, STARTED: 2, DONE: 3, REVOKED: 4 } as const;

const HEAP_WORD = 0;
const HEADER_WORDS = 1;
const WORDS_PER_SLOT = 2;
const KIB = 1_024;

export class SharedTable {
  readonly #words: Int32Array;

  constructor(readonly buffer: SharedArrayBuffer) {
    this.#words = new Int32Array(buffer);
  }

  static forSlots(slots: number): SharedTable {
    return new SharedTable(new SharedArrayBuffer(4 * (HEADER_WORDS + WORDS_PER_SLOT * slots)));
  }

  /** Main: the slot's next task is about to be posted. */
  send(slot: number): void {
    Atomics.store(this.#words, abortWord(slot), 0);
    Atomics.store(this.#words, claimWord(slot), Claims.SENT);
  }

  /** Worker: takes the task, unless it was revoked. */
  start(slot: number): boolean {
    return this.#move(slot, Claims.SENT, Claims.STARTED);
  }

  /** Main: takes the task back, unless it was started. */
  revoke(slot: number): boolean {
    return this.#move(slot, Claims.SENT, Claims.REVOKED);
  }

  /** Worker: the task has ended. */
  finish(slot: number): void {
    Atomics.store(this.#words, claimWord(slot), Claims.DONE);
  }

  /** Main: the slot can be used again. */
  free(slot: number): void {
    Atomics.store(this.#words, claimWord(slot), Claims.FREE);
  }

  claim(slot: number): number {
    return Atomics.load(this.#words, claimWord(slot));
  }

  requestAbort(slot: number, ticket: number): void {
    Atomics.store(this.#words, abortWord(slot), ticket);
  }

  /** The ticket of the task to be aborted, or 0. */
  abortTicket(slot: number): number {
    return Atomics.load(this.#words, abortWord(slot));
  }

  set heapBytes(bytes: number) {
    Atomics.store(this.#words, HEAP_WORD, Math.min(bytes / KIB, 2 ** 31 - 1));
  }

  get heapMb(): number {
    return Atomics.load(this.#words, HEAP_WORD) / KIB;
  }

  #move(slot: number, from: number, to: number): boolean {
    return Atomics.compareExchange(this.#words, claimWord(slot), from, to) === from;
  }
}

/** A task's ticket: its id as a positive 32-bit number. */
export function ticketOf(taskId: number): number {
  return (taskId % (2 ** 31 - 1)) + 1;
}

function claimWord(slot: number): number {
  return HEADER_WORDS + WORDS_PER_SLOT * slot;
}

function abortWord(slot: number): number {
  return claimWord(slot) + 1;
}
