import type { HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import type { HealthOptions } from '../../core/health/health-options.js';
import { judgeAutoscaler } from '../../core/health/judge-health.js';
import type { HealthVerdict } from '../../core/health/pool-health.js';
import type { PoolService } from '../../nest/pool.service.js';
import { intervalName } from '../../nest/scheduled-ticker.js';
import { tell } from './tell.js';

/**
 * Tells Terminus how pools are; docs/health.md shows the probes and the JSON. Nothing here waits for anything, and every
 * answer is about this instant. Methods that take a name throw `PoolNotFoundError` for one that is no pool's; those that
 * take options throw `PoolConfigError` for what is no option, or out of range.
 * @publicApi
 * @example
 * this.health.check([() => this.pools.isReady()])
 */
export class PoolHealthIndicator {
  readonly #find: () => PoolService;
  readonly #terminus: HealthIndicatorService;

  /** `find` is asked at each check. */
  constructor(find: () => PoolService, terminus: HealthIndicatorService) {
    this.#find = find;
    this.#terminus = terminus;
  }

  /**
   * For readiness probes: `down` until the pools are up, from the first of a shutdown on, and while a pool is down;
   * `degraded` (200) while one is, or while there is a notice about the application.
   */
  isReady(key = 'pools', options: HealthOptions = {}): HealthIndicatorResult {
    return this.#tell(key, this.#find().readiness(options));
  }

  /**
   * For liveness probes: `up` while pools start, are overloaded or shut down; `down` where a pool was closed while the
   * application goes on, and for what `means` calls `down`, as `{ means: { stalled: 'down' } }`.
   */
  isAlive(key = 'pools', options: HealthOptions = {}): HealthIndicatorResult {
    return this.#tell(key, this.#find().liveness(options));
  }

  /** One pool, under the key `pool:NAME`. */
  pool(name: string, options: HealthOptions = {}): HealthIndicatorResult {
    const pools = this.#find();
    const verdict = pools.health(name, options);
    const { state, size, target, max, busy, queueDepth } = pools.snapshot(name);
    return this.#tell(`pool:${name}`, verdict, { state, size, target, max, busy, queueDepth });
  }

  /** Every pool, each under its own key. */
  pools(options: HealthOptions = {}): HealthIndicatorResult {
    return merged(this.#find().pools(), (name) => this.pool(name, options));
  }

  /** The autoscaler of one pool, under the key `dynamic-pool:NAME`; `up` with the state `none` under `scaling: false`. */
  autoscaler(name: string): HealthIndicatorResult {
    const pools = this.#find();
    const health = pools.autoscaler(name);
    const verdict = health ? judgeAutoscaler(health, pools.isReady()) : NOTHING_WRONG;
    return this.#tell(intervalName(name), verdict, { ...(health ?? { state: 'none' }) });
  }

  /** Every autoscaler, each under its own key; pools with `scaling: false` have none. */
  autoscalers(): HealthIndicatorResult {
    const pools = this.#find();
    const scaled = pools.pools().filter((name) => pools.autoscaler(name) !== null);
    return merged(scaled, (name) => this.autoscaler(name));
  }

  #tell(key: string, verdict: HealthVerdict, data: Record<string, unknown> = {}): HealthIndicatorResult {
    return tell(this.#terminus.check(key), verdict, data);
  }
}

const NOTHING_WRONG: HealthVerdict = { status: 'up', reasons: [] };

function merged(names: readonly string[], check: (name: string) => HealthIndicatorResult): HealthIndicatorResult {
  return Object.assign({}, ...names.map(check)) as HealthIndicatorResult;
}
