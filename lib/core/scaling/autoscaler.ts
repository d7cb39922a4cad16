import { isDeepStrictEqual } from 'node:util';
import { systemClock, type Clock } from '../clock.js';
import { PoolConfigError } from '../errors.js';
import { requireInteger } from '../validate.js';
import { ControlLoop, type AutoscalerEvents, type AutoscalerHealth } from './control-loop.js';
import type { Decision, ResizePort } from './contract.js';
import { KEPT_DECISIONS } from './decision-log.js';
import type { NextTimesOf } from './forecasts/next-times.js';
import type { BudgetShare } from './guards/budget.js';
import { Pipeline, type PolicyParts } from './pipeline.js';
import { buildPolicy } from './policy.js';
import type { ResolvedScaling } from './resolve-scaling.js';
import type { Policy } from './scaling-options.js';
import type { SignalType } from './signals/signal-types.js';
import { ClockTicker, type Ticker } from './ticker.js';

/** Keeps one pool at the size that its policy wants. Made by `createAutoscaler`, or with a pool. */
export interface Autoscaler {
  /** Name of the pool. */
  readonly pool: string;
  /** 99 of 100 tasks shall wait for less than this, milliseconds. */
  readonly objectiveMs: number;
  /** The latest decisions, newest first: up to 1,000, of which the first `limit` are told. */
  decisions(options?: { limit?: number }): readonly Decision[];
  health(): AutoscalerHealth;
  /** The policy, as it was given. */
  policy(): Policy;
  /**
   * Another policy from the next tick on, in one step: one that cannot be built changes nothing. A frozen autoscaler goes
   * on with it.
   * @throws PoolConfigError that names the pool, the option, the value and what is allowed; and after `stop()`.
   */
  setPolicy(policy: Policy): void;
  /** Leaves the pool at the size it has, and lets go of timers and connections. For good. */
  stop(): void;
}

/** Other options of an autoscaler, checked and built: go over to them, or let them go, once. */
export interface PreparedScaling {
  apply(): void;
  discard(): void;
}

/** What the parts of a policy need from outside the core. */
export interface ScalingKit {
  /** Reads cron expressions. */
  readonly cron?: NextTimesOf;
  /** Types of signals from outside the core. */
  readonly types?: Readonly<Record<string, SignalType>>;
}

/** What an autoscaler lives in. */
export interface AutoscalerHost {
  readonly kit: ScalingKit;
  readonly events: AutoscalerEvents;
  readonly clock?: Clock | undefined;
  readonly ticker?: Ticker | undefined;
  readonly budget?: BudgetShare | null | undefined;
}

/** Without a tick for this many times its interval, and for this long, milliseconds, an autoscaler is dead: its interval was cleared. */
const SILENT_TICKS = 10;
const SILENCE_MS = 10_000;

/** Pools that have an autoscaler: two on one pool would fight (A1, S0 B8). */
const taken = new WeakSet<ResizePort>();

/** A control loop, what makes it tick, and the policy it goes by. `new` → `started` → `stopped`. */
export class PoolAutoscaler implements Autoscaler {
  readonly pool: string;
  readonly #port: ResizePort;
  #scaling: ResolvedScaling;
  readonly #host: AutoscalerHost;
  readonly #clock: Clock;
  readonly #ticker: Ticker;
  readonly #loop: ControlLoop;
  #policy: Policy;
  #tickMs: number;
  #tickedAt = 0;
  #isStarted = false;
  #isStopped = false;

  /**
   * Builds the policy; ticks begin with `start()`.
   * @throws PoolConfigError for a policy that cannot be built, and where the pool has an autoscaler.
   */
  constructor(pool: string, port: ResizePort, scaling: ResolvedScaling, host: AutoscalerHost) {
    this.pool = pool;
    this.#port = port;
    this.#scaling = scaling;
    this.#host = host;
    this.#clock = host.clock ?? systemClock;
    this.#ticker = host.ticker ?? new ClockTicker(this.#clock);
    this.#policy = scaling.policy;
    if (taken.has(port)) throw alreadyScaled(pool);
    const parts = this.#build(scaling.policy);
    this.#tickMs = parts.tickMs;
    taken.add(port);
    this.#loop = new ControlLoop(
      whileTicking(port, this.#ticker),
      this.#clock,
      host.events,
      scaling.onFault,
      new Pipeline(parts),
    );
  }

  get objectiveMs(): number {
    return this.#scaling.objectiveMs;
  }

  start(): void {
    if (this.#isStarted || this.#isStopped) return;
    this.#isStarted = true;
    try {
      this.#loop.start();
      this.#tickEvery(this.#tickMs);
    } catch (error) {
      this.stop();
      throw error;
    }
  }

  stop(): void {
    // Another one may have the pool by now.
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#ticker.stop();
    this.#loop.stop();
    taken.delete(this.#port);
  }

  decisions({ limit }: { limit?: number } = {}): readonly Decision[] {
    if (limit !== undefined) requireInteger({ pool: this.pool, option: 'limit' }, limit, 1, KEPT_DECISIONS);
    return this.#loop.decisions(limit);
  }

  health(): AutoscalerHealth {
    const health = this.#loop.health();
    return this.#isTicking() ? health : Object.freeze({ ...health, state: 'stopped' as const });
  }

  policy(): Policy {
    return this.#policy;
  }

  setPolicy(policy: Policy): void {
    if (this.#isStopped) throw stopped(this.pool);
    this.#use(policy, this.#build(policy));
  }

  /**
   * Builds the policy anew where the policy, the objective or the tick is another one. One that was set with `setPolicy`
   * stays until `scaling` names another policy than before.
   * @throws PoolConfigError that names the pool, the option, the value and what is allowed.
   */
  prepare(scaling: ResolvedScaling): PreparedScaling {
    const before = this.#scaling;
    const isSame = (key: keyof ResolvedScaling) => isDeepStrictEqual(scaling[key], before[key]);
    const policy = isSame('policy') ? this.#policy : scaling.policy;
    const isBuilt = isSame('policy') && isSame('objectiveMs') && isSame('tickMs');
    const parts = isBuilt || this.#isStopped ? null : this.#build(policy, scaling);
    const discard = () => {
      if (parts) new Pipeline(parts).close();
    };
    return {
      apply: () => {
        this.#scaling = scaling;
        this.#loop.setOnFault(scaling.onFault);
        // A listener of what another pool told may have closed this one since.
        if (this.#isStopped) return discard();
        if (parts) this.#use(policy, parts);
      },
      discard,
    };
  }

  #use(policy: Policy, parts: PolicyParts): void {
    this.#policy = policy;
    this.#loop.use(new Pipeline(parts));
    if (parts.tickMs === this.#tickMs) return;
    this.#tickMs = parts.tickMs;
    if (this.#ticker.isRunning) this.#tickEvery(parts.tickMs);
  }

  #tickEvery(ms: number): void {
    this.#tickedAt = this.#clock.now();
    this.#ticker.start(ms, () => {
      this.#tickedAt = this.#clock.now();
      this.#loop.tick();
    });
  }

  /** Who clears the interval instead of deleting it leaves a ticker that seems to run. */
  #isTicking(): boolean {
    const silence = this.#clock.now() - this.#tickedAt;
    return this.#ticker.isRunning && silence <= Math.max(SILENCE_MS, SILENT_TICKS * this.#tickMs);
  }

  #build(policy: Policy, scaling = this.#scaling): PolicyParts {
    const { kit, budget } = this.#host;
    const { preset, objectiveMs, tickMs } = scaling;
    return buildPolicy(policy, {
      ...kit,
      pool: this.pool,
      preset,
      objectiveMs,
      ...(tickMs !== null && { tickMs }),
      ...(budget && { budget }),
      epochOf: (now) => now + Date.now() - this.#clock.now(),
    });
  }
}

/** A port that is heard of waiting tasks only while there are ticks: who stops those wants nothing resized. */
function whileTicking(port: ResizePort, ticker: Ticker): ResizePort {
  return {
    snapshot: () => (port.read ? port.read() : port.snapshot()),
    resize: (target, options) => (port.scale ? port.scale(target, options) : port.resize(target, options)),
    ...(port.onQueued && {
      onQueued: (listener) => port.onQueued!(() => ticker.isRunning && listener()),
    }),
  };
}

function stopped(pool: string): PoolConfigError {
  return new PoolConfigError(`pool '${pool}': the autoscaler was stopped, for good, and takes no policy.`, { pool });
}

function alreadyScaled(pool: string): PoolConfigError {
  return new PoolConfigError(
    `pool '${pool}' has an autoscaler already, and two would fight. Change the policy of that one (setPolicy), or stop it first; a pool made with scaling: false has none.`,
    { pool },
  );
}
