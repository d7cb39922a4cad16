import type { Clock } from '../../core/clock.js';
import type { TaskFn } from '../../core/contract/pool-options.js';
import { PoolConfigError } from '../../core/errors.js';
import type { ManagedPool } from '../../core/pool/managed-pool.js';
import { refusal, requireObject } from '../../core/validate.js';
import { isolatedTask } from '../../engines/local-contexts.js';
import { unknownPool } from '../../nest/exploration.js';
import { insideWorkerError } from '../../nest/inert.js';
import { VirtualClock } from '../virtual-clock.js';

/** How much time passes at once while a pool closes, milliseconds. */
const CLOSING_STEP_MS = 250;

/** @throws PoolNotFoundError for the first of these names that is no pool's. */
export function expectPools(call: string, names: Iterable<string>, pools: ReadonlySet<string>): void {
  for (const name of names) if (!pools.has(name)) throw unknownPool(`${call}: tasks`, name, pools);
}

/** Like a real pool of the application, this one cannot be used from within a task: there it would be in a worker. */
export function refuseInsideTasks<P extends ManagedPool>(pool: P): P {
  const [rejecting, throwing] = [['run', 'broadcast'] as const, ['stream', 'call', 'map', 'group'] as const];
  for (const name of rejecting) guard(pool, name, () => Promise.reject(insideWorkerError(pool.name)));
  for (const name of throwing) {
    guard(pool, name, () => {
      throw insideWorkerError(pool.name);
    });
  }
  return pool;
}

function guard(pool: ManagedPool, name: keyof ManagedPool, refuse: () => unknown): void {
  const call = (pool[name] as (...args: unknown[]) => unknown).bind(pool);
  Object.assign(pool, { [name]: (...args: unknown[]) => (isolatedTask() ? refuse() : call(...args)) });
}

/** Under a virtual clock nobody would let the time pass that the end of an application takes: then a close does. */
export function passTimeOnClose<P extends ManagedPool>(pool: P, clock: Clock | null): P {
  if (!(clock instanceof VirtualClock)) return pool;
  const close = pool.close.bind(pool);
  return Object.assign(pool, {
    async close(options) {
      const progress = { isClosed: false };
      const end = () => void (progress.isClosed = true);
      const closed = close(options);
      closed.then(end, end);
      // What ends by itself, does so first.
      await clock.advance(0);
      while (!progress.isClosed) await clock.advance(CLOSING_STEP_MS);
      await closed;
    },
  } satisfies Partial<ManagedPool>);
}

/** @throws PoolConfigError for what is no record of records. */
export function requireByPool(call: string, tasks: unknown): Readonly<Record<string, unknown>> {
  return requireObject({ option: `${call}: tasks` }, tasks ?? {});
}

/** @throws PoolConfigError for what is no function. */
export function requireFunctions(call: string, pool: string, tasks: unknown): Readonly<Record<string, TaskFn>> {
  const record = requireObject({ pool, option: `${call}: tasks.${pool}` }, tasks);
  for (const [name, fn] of Object.entries(record)) {
    if (typeof fn !== 'function')
      throw refusal({ pool, option: `${call}: tasks.${pool}['${name}']` }, fn, 'a function');
  }
  return record as Readonly<Record<string, TaskFn>>;
}

/** @throws PoolConfigError. */
export function nothingToRun(call: string, pool: string): PoolConfigError {
  return new PoolConfigError(
    `pool '${pool}' runs the functions of a module; tell ${call} their names: { tasks: { '${pool}': [...] } }.`,
    { pool },
  );
}
