import type { OptionChange } from '../contract/events.js';
import type { PoolHistograms } from '../contract/histograms.js';
import type { Pool } from '../contract/pool.js';
import type { PoolOptions } from '../contract/pool-options.js';
import type { RunOptions } from '../contract/run-options.js';
import type { ValueOrStream } from './value-or-stream.js';

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
  /**
   * Checks what the pool would be with these options, and builds the policy; nothing has changed until `apply()`. Only hot
   * options are looked at.
   * @throws PoolConfigError that names the pool, the option, the value and what is allowed.
   */
  prepare(options: PoolOptions): PreparedChange;
  /** Calls a task of which it is not known whether it returns a value or a stream. Never throws, whatever `options` does. */
  call<R>(task: string, args: readonly unknown[], options: () => RunOptions | undefined): ValueOrStream<R>;
  /** Ends a pin; the target goes back to what it was before. */
  release(reason?: string): Promise<void>;
}

/** New options of a pool, checked and built: go over to them, or let them go, once. */
export interface PreparedChange {
  readonly changes: readonly OptionChange[];
  readonly bounds: { readonly min: number; readonly max: number };
  /**
   * Goes over in one step: bounds (target and pinned size are moved into them), queue, deadlines of calls made from now on,
   * idle expiry and scaling. Nothing that was accepted is lost. Never throws. `also` is told in the same event.
   * Returns what has changed of this pool, a pinned size that was moved included.
   */
  apply(source: string, also?: readonly OptionChange[]): readonly OptionChange[];
  /** Lets go of what was built. */
  discard(): void;
}
