import { Observable, share } from 'rxjs';
import type { BudgetReading } from '../core/budget/budget.js';
import type { ConfigStatus } from '../core/contract/config-status.js';
import type { PoolEventMap, PoolEventName } from '../core/contract/events.js';
import type { PoolHistograms } from '../core/contract/histograms.js';
import type { Pool } from '../core/contract/pool.js';
import type { QuarantinedTask } from '../core/contract/quarantine.js';
import type { PoolSnapshot } from '../core/contract/snapshot.js';
import { PoolConfigError } from '../core/errors.js';
import type { HealthOptions } from '../core/health/health-options.js';
import type { HealthVerdict, PoolHealth } from '../core/health/pool-health.js';
import type { Decision } from '../core/scaling/contract.js';
import type { AutoscalerHealth } from '../core/scaling/control-loop.js';
import type { Policy } from '../core/scaling/scaling-options.js';
import { refusal, rejectUnknownKeys, requireDuration, requireObject } from '../core/validate.js';
import type { PoolEvent } from './interfaces/pool-event.js';
import type { PoolDirectory } from './pool-directory.js';
import { POOL_EVENTS } from './pool-events.js';
import { liveness, poolHealth, readiness } from './read-health.js';

/** Who pins a size, why, and for how long. */
export interface PinOptions {
  /** Shown in snapshots and events. Default 'manual resize'. */
  reason?: string;
  /** Shown in snapshots and events. Default 'unknown'. */
  owner?: string;
  /** Milliseconds until the size is released by itself. Default: until `auto()`. */
  forMs?: number;
}

/**
 * All pools of the application by name. Every method that takes a name throws (or rejects with) `PoolNotFoundError`
 * for one that is no pool's, naming those there are.
 * @publicApi
 */
export class PoolService {
  /**
   * The events of all pools, from the moment of subscription; completes when the pools are closed. Listening to it
   * costs every call a little, so subscribe only where the events are used; `@OnPoolEvent` takes one kind of one pool.
   */
  readonly events$: Observable<PoolEvent> = new Observable<PoolEvent>((subscriber) => {
    const pools = [...this.#directory.pools.values()].filter((pool) => pool.snapshot().state !== 'closed');
    let open = pools.length;
    const endings = pools.flatMap((pool) =>
      listen(pool, (event) => {
        subscriber.next(event);
        if (event.event === 'closed' && --open === 0) subscriber.complete();
      }),
    );
    if (open === 0) subscriber.complete();
    return () => {
      for (const end of endings) end();
    };
  }).pipe(share());

  readonly #directory: PoolDirectory;
  readonly #steering = new Set<(pool: string) => void>();

  constructor(directory: PoolDirectory) {
    this.#directory = directory;
  }

  /** The names of all pools. */
  pools(): string[] {
    return this.#directory.names;
  }

  has(name: string): boolean {
    return this.#directory.has(name);
  }

  get(name: string): Pool {
    return this.#find(name);
  }

  /** The state of a pool at this instant. */
  snapshot(name: string): PoolSnapshot {
    return this.#find(name).snapshot();
  }

  /** All waits and service times of a pool since it was created, in the buckets that the metrics tell. */
  histograms(name: string): PoolHistograms {
    return this.#find(name).histograms();
  }

  /** Whether all pools are up and the application is not shutting down. */
  isReady(): boolean {
    return this.#directory.isReady;
  }

  /**
   * Pins the size of a pool until `auto()`, or for `forMs`: an override. Resolves when the size has followed; rejects
   * with `PoolConfigError` outside the pool's min..max.
   */
  async resize(name: string, size: number, options: PinOptions = {}): Promise<void> {
    const pool = this.#find(name);
    const { reason, owner, forMs } = requireObject({ pool: name, option: 'the options of resize()' }, options);
    rejectUnknownKeys('resize()', options, ['reason', 'owner', 'forMs'], name);
    for (const [option, value] of Object.entries({ reason, owner })) {
      if (value !== undefined && typeof value !== 'string') throw refusal({ pool: name, option }, value, 'a text');
    }
    if (forMs !== undefined) requireDuration({ pool: name, option: 'forMs' }, forMs);
    const pinned = pool.pin(size, options);
    this.#steered(name);
    this.#directory.configuration?.keepOverrides();
    await pinned;
  }

  /** Ends an override: the target goes back to what it was before. Resolves when the size has followed. */
  async auto(name: string): Promise<void> {
    const released = this.#find(name).release();
    this.#steered(name);
    this.#directory.configuration?.keepOverrides();
    await released;
  }

  /**
   * What the autoscaler decided, newest first: up to 1,000 decisions, of which the first `limit` are told. None for a pool
   * with `scaling: false`.
   */
  decisions(name: string, options: { limit?: number } = {}): readonly Decision[] {
    return this.#find(name).autoscaler?.decisions(options) ?? [];
  }

  /** The policy by which a pool sizes itself, as it was given; `null` with `scaling: false`. */
  policy(name: string): Policy | null {
    return this.#find(name).autoscaler?.policy() ?? null;
  }

  /**
   * Another policy from the next tick on, in one step: one that cannot be built throws `PoolConfigError` and changes
   * nothing. An autoscaler that `onFault: 'freeze'` has stopped goes on with it.
   */
  setPolicy(name: string, policy: Policy): void {
    const { autoscaler } = this.#find(name);
    if (autoscaler) {
      autoscaler.setPolicy(policy);
      return this.#steered(name);
    }
    throw new PoolConfigError(
      `pool '${name}' has no autoscaler to take a policy, since it was made with scaling: false. Leave scaling out of its options, or set a policy there.`,
      { pool: name },
    );
  }

  /** Who holds what of the workers that the pools share; `null` where `forRoot()` was given no budget. */
  budget(): BudgetReading | null {
    return this.#directory.budget?.read() ?? null;
  }

  /** How the file of the live configuration is; `null` where `forRoot()` was given no `configFile`. */
  config(): ConfigStatus | null {
    return this.#directory.configuration?.status ?? null;
  }

  /**
   * How a pool is, and why, notices about the whole application included; docs/health.md has the checks.
   * @throws PoolConfigError for options that are not what they must be.
   */
  health(name: string, options: HealthOptions = {}): PoolHealth {
    this.#find(name);
    return poolHealth(this.#directory, name, options);
  }

  /** Whether the application shall be sent work: `down` before it is up, from the first of a shutdown, and while a pool is down. */
  readiness(options: HealthOptions = {}): HealthVerdict {
    return readiness(this.#directory, options);
  }

  /** Whether the process is worth keeping: `down` where a pool was closed while the application goes on, or by `means: { stalled: 'down' }`. */
  liveness(options: HealthOptions = {}): HealthVerdict {
    return liveness(this.#directory, options);
  }

  /** How the autoscaler of a pool is; `null` with `scaling: false`. */
  autoscaler(name: string): AutoscalerHealth | null {
    return this.#find(name).autoscaler?.health() ?? null;
  }

  /** Tasks of a pool that no worker runs, since they made too many exit; the longest there first. */
  quarantined(name: string): readonly QuarantinedTask[] {
    return this.#find(name).quarantine.list();
  }

  /** Lets a quarantined task run again; without an `id`, all of the pool. Returns those released. */
  release(name: string, id?: number): readonly QuarantinedTask[] {
    return this.#find(name).quarantine.release(id);
  }

  /** Starts nothing new; running tasks end, submissions queue. */
  pause(name: string): void {
    this.#find(name).pause();
  }

  /** Ends a pause or a drain. */
  resume(name: string): void {
    this.#find(name).resume();
  }

  /** Refuses new work and resolves when all that was accepted has finished. `resume()` reopens. */
  async drain(name: string): Promise<void> {
    const drained = this.#find(name).drain();
    this.#steered(name);
    await drained;
  }

  /**
   * Calls back, in the same turn, when an override, a drain or a policy was asked for here: changes that are no event of the
   * pool. Returns how to stop that.
   */
  onSteered(listener: (pool: string) => void): () => void {
    this.#steering.add(listener);
    return () => void this.#steering.delete(listener);
  }

  #steered(pool: string): void {
    for (const listener of this.#steering) listener(pool);
  }

  #find(name: string) {
    return this.#directory.get(name, 'PoolService');
  }
}

function listen(pool: Pool, next: (event: PoolEvent) => void): (() => void)[] {
  return POOL_EVENTS.map((event) => {
    const listener = (payload: PoolEventMap[PoolEventName]) =>
      next({ pool: pool.name, event, at: Date.now(), ...payload } as PoolEvent);
    pool.on(event, listener);
    return () => void pool.off(event, listener);
  });
}
