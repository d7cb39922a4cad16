import {
  refusal,
  rejectUnknownKeys,
  requireDuration,
  requireInteger,
  requireObject,
  type Place,
} from '../core/validate.js';

/** When a simulated circuit breaker opens. A task is bad that fails, or that takes longer than `slowMs`. */
export interface BreakerOptions {
  /** Share of bad tasks that opens it, above 0 and up to 1. Default 0.5. */
  readonly badShare?: number;
  /** Service time from which a task is bad, milliseconds; with `whenOpen` a time-out, at which it fails. Default: none. */
  readonly slowMs?: number;
  /** Time over which the share is taken, milliseconds. Default 10,000. */
  readonly windowMs?: number;
  /** Tasks that must have ended in the window before it opens. Default 10. */
  readonly leastTasks?: number;
  /** Time it stays open before it tries again, milliseconds. Default 30,000. */
  readonly openMs?: number;
  /**
   * What becomes of tasks that start while it is open, and while it is half-open but for one at a time. Default: nothing,
   * it only watches, so that what is judged is the policy and not the breaker.
   */
  readonly whenOpen?: RefusedTasks;
}

/** Tasks that a circuit breaker does not let through to what they would call. */
export interface RefusedTasks {
  /** How long such a task takes, its fallback or its retries included, milliseconds above 0. */
  readonly takesMs: number;
  /** Whether it then fails; `false` where there is a fallback. Default true. */
  readonly fails?: boolean;
}

/** After checking, defaults filled in. */
export interface ResolvedBreaker extends Required<Omit<BreakerOptions, 'whenOpen'>> {
  /** `null`: it only watches. */
  readonly whenOpen: Required<RefusedTasks> | null;
}

const KEYS = ['badShare', 'slowMs', 'windowMs', 'leastTasks', 'openMs', 'whenOpen'];

/** @throws PoolConfigError that names the pool, the option, the value and what is allowed. */
export function resolveBreaker(options: BreakerOptions, at: (option: string) => Place): ResolvedBreaker {
  requireObject(at('breaker'), options);
  rejectUnknownKeys('breaker', options, KEYS);
  const { badShare = 0.5, slowMs, windowMs = 10_000, leastTasks = 10, openMs = 30_000, whenOpen } = options;
  if (!(badShare > 0 && badShare <= 1)) throw refusal(at('breaker.badShare'), badShare, 'a number above 0 and up to 1');
  return {
    badShare,
    slowMs: slowMs === undefined ? Infinity : requireDuration(at('breaker.slowMs'), slowMs),
    windowMs: requireDuration(at('breaker.windowMs'), windowMs),
    leastTasks: requireInteger(at('breaker.leastTasks'), leastTasks, 1, Number.MAX_SAFE_INTEGER),
    openMs: requireDuration(at('breaker.openMs'), openMs),
    whenOpen: whenOpen === undefined ? null : resolveRefused(whenOpen, at),
  };
}

function resolveRefused(options: RefusedTasks, at: (option: string) => Place): Required<RefusedTasks> {
  requireObject(at('breaker.whenOpen'), options);
  rejectUnknownKeys('breaker.whenOpen', options, ['takesMs', 'fails']);
  const { takesMs, fails = true } = options;
  if (typeof fails !== 'boolean') throw refusal(at('breaker.whenOpen.fails'), fails, 'true or false');
  return { takesMs: requireDuration(at('breaker.whenOpen.takesMs'), takesMs), fails };
}
