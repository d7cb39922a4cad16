import type { Budget } from '../core/budget/budget.js';
import type { HealthWatch } from '../core/health/health-watch.js';
import type { HealthNotice } from '../core/health/pool-health.js';
import type { ManagedPool } from '../core/pool/managed-pool.js';
import type { Configuration } from './configuration.js';
import { unknownPool } from './exploration.js';

/** The pools of an application by name. A Map, so that `__proto__` and `constructor` are names like any other. */
export class PoolDirectory {
  /** Whether the application takes work: its pools are up, and it is not shutting down. */
  isReady = false;
  /** From the first thing of a shutdown on. */
  isShuttingDown = false;
  /** What parts of the application beside the pools have to say about its health; each is asked at every check. */
  readonly notices = new Set<() => HealthNotice | null>();
  /** Where options come from a file. */
  configuration: Configuration | null = null;

  constructor(
    readonly pools: ReadonlyMap<string, ManagedPool>,
    /** What the pools share, if they do. */
    readonly budget: Budget | null = null,
    /** What health needs to know of the past, by pool; where there is none, nothing is known. */
    readonly watches: ReadonlyMap<string, HealthWatch> = new Map(),
  ) {}

  get names(): string[] {
    return [...this.pools.keys()];
  }

  has(name: string): boolean {
    return this.pools.has(name);
  }

  /** @throws PoolNotFoundError naming the pools there are. `who` asks. */
  get(name: string, who: string): ManagedPool {
    const pool = this.pools.get(name);
    if (pool) return pool;
    throw unknownPool(who, String(name), new Set(this.pools.keys()));
  }
}
