import type { PoolService } from '../../nest/pool.service.js';
import { viewOf } from '../pool-view.js';
import { bodyOf } from './frames.js';

interface Cached {
  readonly body: Buffer;
  readonly takenAt: number;
}

/** The newest snapshot of each pool as bytes, so that clients that come at about the same time share one. */
export class SnapshotCache {
  readonly #bodies = new Map<string, Cached>();

  constructor(
    readonly pools: PoolService,
    readonly maxAgeMs: number,
    readonly now: () => number,
    /** Told of each one that is built. */
    readonly onBuilt: () => void,
  ) {}

  /** At most `maxAgeMs` old, and no older than the last change. */
  newest(pool: string): Buffer {
    const cached = this.#bodies.get(pool);
    return cached && this.now() - cached.takenAt < this.maxAgeMs ? cached.body : this.take(pool);
  }

  take(pool: string): Buffer {
    const body = bodyOf('snapshot', { v: 1, pool, ...viewOf(this.pools, pool) });
    this.#bodies.set(pool, { body, takenAt: this.now() });
    this.onBuilt();
    return body;
  }

  /** What there is of this pool is not true any more. */
  forget(pool: string): void {
    this.#bodies.delete(pool);
  }
}
