import type { CreditGate } from '../../streams/credit-gate.js';
import type { ItemOutlet } from '../../streams/drain.js';
import { compact, findBuffers } from '../wire/buffers.js';
import { cloneError } from '../wire/clone-path.js';
import { isPrimitive } from '../wire/primitives.js';
import type { Job } from './jobs.js';
import type { Replies } from './replies.js';
import { transferListOf } from './transfer.js';

/** Most items in one message. */
const MOST_TOGETHER = 8;
/** Items may share a message only while they follow each other within this time, milliseconds: what a message costs, about. */
const QUICK_MS = 0.05;
/** Of the longest time between two items so far this share is left after each next one: one pause is forgotten in some 100. */
const FORGETTING = 0.95;
/** Where nothing is known yet, and the most that is remembered. */
const LONG_MS = 10;

/**
 * Sends the items of one stream to main. Primitive values that follow each other fast share messages; anything else has
 * its own. What is held back leaves with the next item that is not that fast, when credit runs out, and at the latest when
 * this turn of the event loop ends.
 */
export class ItemSender implements ItemOutlet {
  #count = 0;
  #held: unknown[] = [];
  #isFlushDue = false;
  #lastAt = performance.now();
  #longestMs = LONG_MS;

  constructor(
    readonly pool: string,
    readonly job: Job,
    readonly gate: CreditGate,
    readonly replies: Replies,
  ) {}

  put(item: unknown): void {
    const index = this.#count++;
    if (!isPrimitive(item)) {
      this.flush();
      this.#sendAlone(item, index);
      this.resumed();
      return;
    }
    this.#held.push(item);
    const now = performance.now();
    this.#longestMs = Math.max(Math.min(LONG_MS, now - this.#lastAt), this.#longestMs * FORGETTING);
    this.#lastAt = now;
    const mayWait = this.#longestMs < QUICK_MS && this.#held.length < MOST_TOGETHER && this.gate.credit > 0;
    if (mayWait) this.#flushAfterThisTurn();
    else this.flush();
  }

  resumed(): void {
    this.#lastAt = performance.now();
  }

  /** Sends what is held back. */
  readonly flush = (): void => {
    this.#isFlushDue = false;
    if (this.#held.length === 0) return;
    const items = this.#held;
    this.#held = [];
    this.replies.items(this.job, items, null);
  };

  #flushAfterThisTurn(): void {
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    process.nextTick(this.flush);
  }

  #sendAlone(item: unknown, index: number): void {
    const transfer = transferListOf(item);
    try {
      this.replies.items(this.job, compact([item], transfer), findBuffers([item]), transfer);
    } catch (error) {
      throw cloneError(this.pool, this.job.name, item, `items[${index}]`, error, transfer);
    }
  }
}
