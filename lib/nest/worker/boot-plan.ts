import type { TaskHost } from '../../engines/thread/task-host.js';
import type { WorkerPlan } from '../worker-plan.js';
import { bootPlainClasses } from './boot-plain-classes.js';
import { loadCarrierClasses } from './load-carrier-classes.js';
import { loadClasses } from './load-classes.js';
import { needsInjector } from './needs-injector.js';

/** Builds the tasks of a Nest worker. What needs @nestjs/core is loaded only where it is needed. */
export async function bootPlan(plan: WorkerPlan): Promise<TaskHost> {
  if (plan.module) {
    const { bootWorkerModule } = await import('./boot-worker-module.js');
    return bootWorkerModule(plan, plan.module);
  }
  const classes = await loadClasses(plan);
  const carriers = await loadCarrierClasses(plan);
  if ([...classes, ...carriers].some(({ cls }) => needsInjector(cls))) {
    const { bootGeneratedModule } = await import('./boot-generated-module.js');
    return bootGeneratedModule(plan, classes, carriers);
  }
  return bootPlainClasses(classes, carriers);
}
