import type { Type } from '@nestjs/common';
import { PoolConfigError } from '../../core/errors.js';
import { serveTasks } from '../../engines/thread/worker/serve-tasks.js';
import { isPoolWorker } from '../../engines/worker-mark.js';
import type { WorkerPlan } from '../worker-plan.js';

/**
 * Makes a file of yours the `entry` of a pool: boots the modules in this worker thread and runs the pool's decorated
 * methods on the classes they provide.
 * @throws PoolConfigError outside a worker thread of a pool.
 * @example runPoolWorker([ImagesModule]);
 * @publicApi
 */
export function runPoolWorker(modules: readonly Type[]): void {
  if (!isPoolWorker()) {
    throw new PoolConfigError(
      'runPoolWorker() was called outside a worker of a pool. Call it in a file of its own, and name that file as the entry of the pool.',
    );
  }
  serveTasks(async (plan) => {
    const { bootModules } = await import('./boot-worker-module.js');
    return bootModules(plan as WorkerPlan, modules, 'the modules of runPoolWorker()');
  });
}
