import type { Clock } from '../../core/clock.js';
import type { PoolOptions, TaskFn } from '../../core/contract/pool-options.js';
import { PoolConfigError } from '../../core/errors.js';
import type { ScalingKit } from '../../core/scaling/autoscaler.js';
import { refusal, requireDuration, requireObject } from '../../core/validate.js';
import { createManagedPool, type PoolHost } from '../../engines/create-pool.js';
import { ErrorClasses, type ErrorClass } from '../../engines/thread/wire/error-classes.js';
import { inlineTasks } from './inline-tasks.js';
import { openInlinePool, type TestPool } from './open-inline-pool.js';
import { recordCalls } from './recorded-calls.js';

/** A pool of the test kit: the options of `createPool`, and these. */
export interface TestPoolOptions extends PoolOptions {
  /** Functions by name, a module's namespace (`import * as tasks`), or the path or file URL of a module. */
  tasks: URL | string | Record<string, TaskFn>;
  /** Default: real time. A `VirtualClock` stands still until the test lets it pass. */
  clock?: Clock;
  /** Error classes of your own that come back from a task as themselves, as in `forRoot({ errors })`. */
  errors?: readonly ErrorClass[];
  /** Milliseconds that a worker takes to boot, on the pool's clock. Default: none. */
  bootMs?: number;
}

/** As in `createTestPool` of the entry point, with what policies need from outside the core. */
export function openTestPool(options: TestPoolOptions, kit: ScalingKit): TestPool {
  const {
    clock,
    errors = [],
    bootMs,
    ...rest
  } = requireObject({ option: 'the options of createTestPool' }, options) as unknown as TestPoolOptions;
  const { name: pool, kind, tasks } = rest;
  const host = { kit, clock: clock && requireClock(pool, clock), errorClasses: new ErrorClasses(errors) };
  if (kind === 'async') return withoutThreads(rest, host);
  if (bootMs !== undefined) requireDuration({ pool, option: 'bootMs' }, bootMs);
  return openInlinePool(rest, host, { ...inlineTasks(pool, tasks), ...(bootMs !== undefined && { bootMs }) });
}

/** The real async pool: its tasks run on this event loop anyway, and nothing is copied. */
function withoutThreads(options: PoolOptions, host: PoolHost): TestPool {
  const pool = createManagedPool(options, host);
  const calls = recordCalls(pool);
  return Object.defineProperties(pool as typeof pool & TestPool, {
    calls: { value: calls },
    workers: { get: () => noWorkers(pool.name) },
  });
}

function noWorkers(pool: string): never {
  throw new PoolConfigError(
    `pool '${pool}' is of kind 'async': it has slots, and no workers that could crash or fail to boot.`,
    { pool },
  );
}

export function requireClock(pool: string | undefined, clock: unknown): Clock {
  const { now, schedule, every } = requireObject({ pool, option: 'clock' }, clock);
  if ([now, schedule, every].every((method) => typeof method === 'function')) return clock as Clock;
  throw refusal({ pool, option: 'clock' }, clock, 'a VirtualClock, or a clock with now(), schedule() and every()');
}
