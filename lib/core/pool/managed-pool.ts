import type { PoolHistograms } from '../contract/histograms.js';
import type { Pool } from '../contract/pool.js';

/** What a host of pools (the Nest module) may do beyond the public interface. */
export interface ManagedPool extends Pool {
  /** Starts the initial workers, where `createPool` was told not to. A first `run()` does the same. Idempotent. */
  start(): void;
  /** All waits and service times since the pool was created. Not in the snapshot, which many ask for much more often. */
  histograms(): PoolHistograms;
  /** Calls back, at most every 20 ms, while tasks are left waiting; one listener. Returns how to stop that. */
  onQueued(listener: () => void): () => void;
  /** Pins the size: resizes, and idle expiry stands aside, until `release()` or `forMs` have passed. */
  pin(size: number, options?: { owner?: string; reason?: string; forMs?: number }): Promise<void>;
  /** Ends a pin; the target goes back to what it was before. */
  release(reason?: string): Promise<void>;
}
