import type { TaskFn } from '../../core/contract/pool-options.js';
import { openTestPool, type TestPoolOptions } from './create-test-pool.js';
import type { TestPool } from './open-inline-pool.js';

/** Workers of a stand-in, unless told otherwise: enough for calls that wait for each other. */
const WORKERS = 16;

/** Options of `createFakePool`; all may be left out. */
export type FakePoolOptions = Partial<Omit<TestPoolOptions, 'tasks' | 'kind'>>;

/**
 * A stand-in for a pool of the application: runs the functions that it is given, by the names of the tasks, and keeps what
 * it was asked for in `calls`. It keeps its size, and is called `fake`, unless told otherwise.
 * @example
 * const images = createFakePool({ 'Images.thumbnail': async () => Buffer.of(1) });
 * builder.overrideProvider(getPoolToken('images')).useValue(images);
 * @throws PoolConfigError for options that are not what they must be.
 */
export function createFakePool(tasks: Record<string, TaskFn>, options: FakePoolOptions = {}): TestPool {
  const { size = { min: WORKERS, max: WORKERS } } = options;
  return openTestPool({ name: 'fake', scaling: false, ...options, size, tasks }, {});
}
