import { makeManualPool, type ManualPool, type ManualPoolOptions } from '../testing/manual/create-manual-pool.js';
import { openTestPool, type TestPoolOptions } from '../testing/inline/create-test-pool.js';
import type { TestPool } from '../testing/inline/open-inline-pool.js';
import { scalingKit } from './scaling-kit.js';

// For tests of code that uses pools, without threads: `nestjs-dynamic-pool/testing`.
export type { Clock, Timer } from '../core/clock.js';
export type { CrashOptions, TaskCrashOptions } from '../testing/crash-options.js';
export { createFakePool, type FakePoolOptions } from '../testing/inline/create-fake-pool.js';
export type { InlineWorkers } from '../testing/inline/inline-workers.js';
export type { RecordedCall } from '../testing/inline/recorded-calls.js';
export type { ManualTask } from '../testing/manual/manual-task.js';
export type { ManualWorker, ManualWorkers } from '../testing/manual/manual-workers.js';
export type { TestingBuilder, TestingContainer } from '../testing/nest/testing-builder.js';
export { getTestPool, useInlinePools, type InlinePoolsOptions } from '../testing/nest/use-inline-pools.js';
export { getManualPool, useManualPools, type ManualPoolsOptions } from '../testing/nest/use-manual-pools.js';
export { VirtualClock } from '../testing/virtual-clock.js';
export type { ManualPool, ManualPoolOptions, TestPool, TestPoolOptions };

/**
 * Creates a pool whose tasks run on this event loop: no thread starts, but arguments, results and errors are copied as a
 * thread would, and workers can be made to crash. Options mean what they mean for `createPool`, and have the same defaults.
 * @throws PoolConfigError naming the option and what is allowed.
 * @publicApi
 * @example
 * const pool = createTestPool({ name: 'images', tasks: { thumbnail: (bytes: Buffer) => bytes.subarray(0, 128) } });
 * pool.workers.crashNext('thumbnail');
 * await expect(pool.run('thumbnail', [bytes])).rejects.toThrow(WorkerCrashedError);
 */
export function createTestPool(options: TestPoolOptions): TestPool {
  return openTestPool(options, scalingKit);
}

/**
 * Creates a pool whose workers do nothing by themselves, under a clock that stands still: the test boots workers, ends
 * tasks, and lets time pass. Nothing is copied.
 * @throws PoolConfigError naming the option and what is allowed.
 * @publicApi
 * @example
 * const pool = createManualPool({ name: 'images', tasks: ['thumbnail'], size: { max: 1 }, queue: { capacity: 1 } });
 * const thumbnail = pool.run('thumbnail', [bytes]);
 * (await pool.workers.next('thumbnail')).complete('done');
 */
export function createManualPool(options: ManualPoolOptions): ManualPool {
  return makeManualPool(options, scalingKit);
}
