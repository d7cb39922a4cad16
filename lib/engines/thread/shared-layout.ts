/**
 * The memory that a worker thread shares with the main thread: one SharedArrayBuffer for each worker. A header of eight
 * 32-bit words, read and written with Atomics:
 *
 *   word 0  heap in use, KiB; written by the worker when a task ends
 *   word 1  1 while a wake-up is on its way to main that main has not answered yet, so that there is one at a time
 *   word 2  messages that main posted to the worker; a parked worker waits for it to change
 *   word 3  1 while this is the only worker with tasks, so that its caller may send the next one right after the reply
 *   word 4  highest delay of the worker's event loop lately, microseconds; 0 until measured, at least 1 from then on
 *   word 5  when the event loop is to give its next sign of life, milliseconds on main's clock, modulo 2^32; 0 while it
 *           gives none. Once that time is past, main knows that the loop is blocked now, and for how long
 *   word 6  reports of progress that main has read, modulo 2^32, so that a worker does not flood it
 *   word 7  unused: doubles follow
 *
 * Then 40 bytes for each slot:
 *
 *   word 0    claim state of the task in this slot
 *   word 1    the ticket of the task in this slot once it is to be aborted (its reason is then on its way to the abort
 *             port), else 0; the ticket tells an abort that arrives late from one for the slot's next task
 *   word 2    where the result is (`Replies`): in this slot, or in a message
 *   word 3    which of the messages that the worker numbers it is in, from 1; 0 for an error
 *   double 0  the result, where it is a number
 *   double 1  when the task began, in milliseconds on main's clock
 *   double 2  how long it ran, milliseconds
 *
 * A slot holds one task at a time. Claim states, and who moves them:
 *
 *   FREE    -> SENT      main, before it posts the task
 *   SENT    -> STARTED   worker, by compare-exchange, before it runs the task
 *   SENT    -> REVOKED   main, by compare-exchange: the worker will skip the task
 *   REVOKED -> SKIPPED   worker, when it comes to the task
 *   STARTED -> DONE      worker, once the other words and doubles are written, and before a message is posted
 *   DONE    -> FREE      main, when it has the result
 *   SKIPPED -> FREE      main; the slot is not used again before the worker has acknowledged a revocation like this
 *
 * After a crash the table tells exactly what became of each task: SENT never began, STARTED was cut short, DONE ended;
 * a result in its slot is still there, one in a message that was not posted is lost.
 */
export const Claims = { FREE: 0, SENT: 1, STARTED: 2, DONE: 3, REVOKED: 4, SKIPPED: 5 } as const;

/** Where a result is. All but `MESSAGE` are the result itself, or say that it is the slot's double. */
export const Replies = { MESSAGE: 0, UNDEFINED: 1, NULL: 2, FALSE: 3, TRUE: 4, NUMBER: 5 } as const;

const HEAP_WORD = 0;
const WOKEN_WORD = 1;
const MAIL_WORD = 2;
const ALONE_WORD = 3;
const LOOP_DELAY_WORD = 4;
const LOOP_DUE_WORD = 5;
const REPORTS_READ_WORD = 6;
const HEADER_WORDS = 8;
const WORDS_PER_SLOT = 10;
const DOUBLES_PER_SLOT = WORDS_PER_SLOT / 2;
const HEADER_DOUBLES = HEADER_WORDS / 2;
const KIB = 1_024;
const LARGEST_WORD = 2 ** 31 - 1;

export class SharedTable {
  readonly #words: Int32Array;
  readonly #doubles: Float64Array;

  constructor(readonly buffer: SharedArrayBuffer) {
    this.#words = new Int32Array(buffer);
    this.#doubles = new Float64Array(buffer);
  }

  static forSlots(slots: number): SharedTable {
    return new SharedTable(new SharedArrayBuffer(4 * (HEADER_WORDS + WORDS_PER_SLOT * slots)));
  }

  /** Main: the slot's next task is about to be posted. */
  send(slot: number): void {
    Atomics.store(this.#words, claimWord(slot) + 1, 0);
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

  /** Worker: passes over a task that was revoked. */
  skip(slot: number): void {
    Atomics.store(this.#words, claimWord(slot), Claims.SKIPPED);
  }

  /** Worker: the task has ended. Leaves the result in the slot; false where it does not fit, and nothing was done. */
  finish(slot: number, startedAt: number, serviceMs: number, result: unknown): boolean {
    const reply = replyFor(result);
    if (reply === Replies.MESSAGE) return false;
    if (reply === Replies.NUMBER) this.#doubles[doublesOf(slot)] = result as number;
    this.#finish(slot, startedAt, serviceMs, reply);
    return true;
  }

  /** Worker: the task has ended, and its result, the `message`th of what this worker numbers, or its error is posted next. */
  finishPosted(slot: number, startedAt: number, serviceMs: number, message: number): void {
    this.#words[claimWord(slot) + 3] = message;
    this.#finish(slot, startedAt, serviceMs, Replies.MESSAGE);
  }

  /** Main: the slot can be used again. */
  free(slot: number): void {
    Atomics.store(this.#words, claimWord(slot), Claims.FREE);
  }

  claim(slot: number): number {
    return Atomics.load(this.#words, claimWord(slot));
  }

  /** Main: whether the result of a task that is DONE comes in a message. */
  isPosted(slot: number): boolean {
    return this.#words[claimWord(slot) + 2] === Replies.MESSAGE;
  }

  /** Main: which message the result of a task that is DONE is in. */
  message(slot: number): number {
    return this.#words[claimWord(slot) + 3]!;
  }

  /** Main: the result of a task that is DONE and was not posted. */
  result(slot: number): unknown {
    switch (this.#words[claimWord(slot) + 2]) {
      case Replies.NULL:
        return null;
      case Replies.FALSE:
        return false;
      case Replies.TRUE:
        return true;
      case Replies.NUMBER:
        return this.#doubles[doublesOf(slot)];
      default:
        return undefined;
    }
  }

  /** Main: when the task that is DONE began, milliseconds on main's clock. */
  startedAt(slot: number): number {
    return this.#doubles[doublesOf(slot) + 1]!;
  }

  /** Main: how long the task that is DONE ran, milliseconds. */
  serviceMs(slot: number): number {
    return this.#doubles[doublesOf(slot) + 2]!;
  }

  requestAbort(slot: number, ticket: number): void {
    Atomics.store(this.#words, claimWord(slot) + 1, ticket);
  }

  /** The ticket of the task to be aborted, or 0. */
  abortTicket(slot: number): number {
    return Atomics.load(this.#words, claimWord(slot) + 1);
  }

  /** Worker: whether main is to be woken; it is not when a wake-up is on its way. */
  mustWake(): boolean {
    return Atomics.exchange(this.#words, WOKEN_WORD, 1) === 0;
  }

  /** Main, before it looks for results: those that come from now on bring a wake-up of their own. */
  awake(): void {
    Atomics.store(this.#words, WOKEN_WORD, 0);
  }

  /** Main: a message was posted; a parked worker gets up. */
  ring(): void {
    Atomics.add(this.#words, MAIL_WORD, 1);
    Atomics.notify(this.#words, MAIL_WORD);
  }

  /** Main: whether other workers have tasks as well. */
  set isAlone(isAlone: boolean) {
    Atomics.store(this.#words, ALONE_WORD, isAlone ? 1 : 0);
  }

  get isAlone(): boolean {
    return Atomics.load(this.#words, ALONE_WORD) === 1;
  }

  /** Worker: how many messages were posted so far. */
  get mail(): number {
    return Atomics.load(this.#words, MAIL_WORD);
  }

  /** Worker: sleeps until there is more mail than `seen`, for `ms` at most. */
  park(seen: number, ms: number): void {
    Atomics.wait(this.#words, MAIL_WORD, seen, ms);
  }

  /** Main: has read one more report of progress. */
  reportRead(): void {
    Atomics.add(this.#words, REPORTS_READ_WORD, 1);
  }

  /** Worker: how many of `posted` reports main has yet to read. */
  unreadReports(posted: number): number {
    return (posted - Atomics.load(this.#words, REPORTS_READ_WORD)) | 0;
  }

  set heapBytes(bytes: number) {
    Atomics.store(this.#words, HEAP_WORD, Math.min(bytes / KIB, LARGEST_WORD));
  }

  get heapMb(): number {
    return Atomics.load(this.#words, HEAP_WORD) / KIB;
  }

  /** Worker: the highest delay of its event loop lately, milliseconds. */
  set highestLoopDelayMs(ms: number) {
    Atomics.store(this.#words, LOOP_DELAY_WORD, Math.min(Math.max(1, ms * 1_000), LARGEST_WORD));
  }

  /** Worker: when its event loop is to give the next sign of life, on main's clock; `null`: it is not to. */
  set loopDueAt(at: number | null) {
    Atomics.store(this.#words, LOOP_DUE_WORD, at === null ? 0 : Math.ceil(at) | 0 || 1);
  }

  /** Main: the highest delay of the worker's event loop lately, that of now included, milliseconds; 0 until measured. */
  loopDelayMs(now: number): number {
    // In this order: a worker that is no longer late has told by how much before it said when it is due next.
    const dueAt = Atomics.load(this.#words, LOOP_DUE_WORD);
    const highest = Atomics.load(this.#words, LOOP_DELAY_WORD) / 1_000;
    return dueAt === 0 ? highest : Math.max(highest, (Math.floor(now) - dueAt) | 0);
  }

  #finish(slot: number, startedAt: number, serviceMs: number, reply: number): void {
    const [word, double] = [claimWord(slot), doublesOf(slot)];
    this.#words[word + 2] = reply;
    this.#doubles[double + 1] = startedAt;
    this.#doubles[double + 2] = serviceMs;
    Atomics.store(this.#words, word, Claims.DONE);
  }

  #move(slot: number, from: number, to: number): boolean {
    return Atomics.compareExchange(this.#words, claimWord(slot), from, to) === from;
  }
}

/** A task's ticket: its id as a positive 32-bit number. */
export function ticketOf(taskId: number): number {
  return (taskId % LARGEST_WORD) + 1;
}

function replyFor(result: unknown): number {
  switch (typeof result) {
    case 'number':
      return Replies.NUMBER;
    case 'undefined':
      return Replies.UNDEFINED;
    case 'boolean':
      return result ? Replies.TRUE : Replies.FALSE;
    default:
      return result === null ? Replies.NULL : Replies.MESSAGE;
  }
}

function claimWord(slot: number): number {
  return HEADER_WORDS + WORDS_PER_SLOT * slot;
}

function doublesOf(slot: number): number {
  return HEADER_DOUBLES + DOUBLES_PER_SLOT * slot + 2;
}
