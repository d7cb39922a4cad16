import { CreditGate } from '../../streams/credit-gate.js';
import { answerWith } from '../../streams/drain.js';
import type { AbortSignals } from './abort-signals.js';
import { ItemSender } from './item-sender.js';
import type { Job } from './jobs.js';
import type { Replies } from './replies.js';

/** The streams of a worker that are under way. */
export class Streams {
  readonly #gates = new Map<number, CreditGate>();

  /** `block` stops the thread until there is credit; `null` where it must not be stopped. */
  constructor(
    readonly pool: string,
    readonly signals: AbortSignals,
    readonly replies: Replies,
    readonly block: ((gate: CreditGate, signal: AbortSignal) => void) | null,
  ) {}

  /** Main has taken items of the task in this slot. What comes for one that has ended is for nobody. */
  credit(slot: number, n: number): void {
    this.#gates.get(slot)?.grant(n);
  }

  /** Makes what a job returned its own value: at the end of the stream, or at once where it is a value. */
  answer(job: Job, returned: unknown): unknown {
    const { slot, name, extras } = job;
    const answer = extras!.answer === 'either' ? 'either' : 'stream';
    const gate = new CreditGate();
    const sender = new ItemSender(this.pool, job, gate, this.replies);
    const signal = this.signals.of(slot);
    const stopFollowing = gate.follow(signal);
    this.#gates.set(slot, gate);
    const over = () => {
      stopFollowing();
      this.#gates.delete(slot);
      sender.flush();
    };
    const { block } = this;
    const settled = this.#guarded(over, () =>
      answerWith(returned, {
        pool: this.pool,
        task: name,
        answer,
        gate,
        outlet: sender,
        block:
          block &&
          (() => {
            sender.flush();
            block(gate, signal);
            sender.resumed();
          }),
        opened: () => {
          job.hasPosted = true;
          if (answer === 'either') this.replies.post({ kind: 'opened', slot });
        },
      }),
    );
    return settled;
  }

  /** Calls `over` when it has ended, in whichever way. */
  #guarded(over: () => void, run: () => unknown): unknown {
    let value: unknown;
    try {
      value = run();
    } catch (error) {
      over();
      throw error;
    }
    if (value instanceof Promise) return value.finally(over);
    over();
    return value;
  }
}
