import { STREAM_CREDITS } from '../../core/engine.js';

/**
 * How many more items a stream may yield, and whether anybody still wants them.
 *
 * `open` → `closed`, by an abort. Whoever drains the source is told of either change.
 */
export class CreditGate {
  credit = STREAM_CREDITS;
  #closed: { readonly reason: unknown } | null = null;
  /** There is credit again. */
  onGrant: (() => void) | null = null;
  onClose: (() => void) | null = null;

  get isClosed(): boolean {
    return this.#closed !== null;
  }

  /** Why it was closed. */
  get reason(): unknown {
    return this.#closed?.reason;
  }

  grant(n: number): void {
    if (this.isClosed) return;
    this.credit += n;
    this.onGrant?.();
  }

  close(reason: unknown): void {
    if (this.isClosed) return;
    this.#closed = { reason };
    this.onClose?.();
  }

  /** Closes with this signal; returns how to stop that. */
  follow(signal: AbortSignal): () => void {
    const onAbort = () => this.close(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort);
    return () => signal.removeEventListener('abort', onAbort);
  }
}
