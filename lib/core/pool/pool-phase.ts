import type { PoolState } from '../contract/snapshot.js';
import { refusedError } from './pool-errors.js';

/**
 * Where a pool stands, and what may still be asked of it there.
 *
 * `open` ⇄ `paused` (`pause`, `resume`); `open`/`paused` → `draining` (`drain`) → `open` (`resume`); any → closing
 * (`close`; told as `draining`) → `closed`. Closing never goes back.
 */
export class PoolPhase {
  state: PoolState = 'open';
  /** Settles with the close, once that has begun. */
  closing: Promise<void> | null = null;

  constructor(readonly pool: { readonly name: string }) {}

  get isClosing(): boolean {
    return this.closing !== null;
  }

  /** @throws PoolClosedError where the pool takes no new work. */
  requireTaking(): void {
    if (this.closing || this.state === 'draining') throw refusedError(this.pool, !this.closing);
  }

  /** @throws PoolClosedError where the pool is on its way out. */
  requireStaying(): void {
    if (this.closing) throw refusedError(this.pool, false);
  }
}
