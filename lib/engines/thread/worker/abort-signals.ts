import { receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import type { AbortMessage } from '../protocol.js';
import { Claims, type SharedTable } from '../shared-layout.js';
import { decodeError } from '../wire/error-codec.js';
import { ErrorClasses } from '../wire/error-classes.js';

const nativeAborted = Object.getOwnPropertyDescriptor(AbortSignal.prototype, 'aborted')!.get!;
const nativeReason = Object.getOwnPropertyDescriptor(AbortSignal.prototype, 'reason')!.get!;

/**
 * The signals of this worker's tasks. They are live in a synchronous loop, where no message arrives: `aborted`,
 * `reason` and `throwIfAborted()` look at the shared table first and then fetch the reason from the abort port.
 */
export class AbortSignals {
  readonly #controllers = new Map<number, AbortController>();

  constructor(
    readonly table: SharedTable,
    readonly port: MessagePort,
  ) {
    port.on('message', (message: AbortMessage) => this.#deliver(message));
    port.unref();
  }

  /** The signal of the task in this slot, made when it is first asked for. */
  of(slot: number): AbortSignal {
    let controller = this.#controllers.get(slot);
    if (!controller) {
      controller = new AbortController();
      this.#controllers.set(slot, controller);
      this.#makeLive(controller.signal, slot);
      this.#poll(slot);
    }
    return controller.signal;
  }

  /** The slot's task has ended; what comes for it now is for nobody. */
  forget(slot: number): void {
    this.#controllers.delete(slot);
  }

  #makeLive(signal: AbortSignal, slot: number): void {
    const poll = () => {
      if (this.#controllers.get(slot)?.signal === signal) this.#poll(slot);
    };
    Object.defineProperties(signal, {
      aborted: {
        get: () => {
          poll();
          return nativeAborted.call(signal) as boolean;
        },
      },
      reason: {
        get: () => {
          poll();
          return nativeReason.call(signal) as unknown;
        },
      },
      throwIfAborted: {
        value: () => {
          poll();
          if (nativeAborted.call(signal)) throw nativeReason.call(signal);
        },
      },
    });
  }

  #poll(slot: number): void {
    if (this.table.abortTicket(slot) === 0) return;
    for (let next = receiveMessageOnPort(this.port); next; next = receiveMessageOnPort(this.port)) {
      this.#deliver(next.message as AbortMessage);
    }
  }

  #deliver({ slot, ticket, reason }: AbortMessage): void {
    // The task may have ended before its abort arrived; the table says whether this is about the one that runs.
    if (this.table.claim(slot) !== Claims.STARTED || this.table.abortTicket(slot) !== ticket) return;
    const controller = this.#controllers.get(slot) ?? new AbortController();
    this.#controllers.set(slot, controller);
    if (!nativeAborted.call(controller.signal)) controller.abort(decodeError(reason, new ErrorClasses()));
  }
}
