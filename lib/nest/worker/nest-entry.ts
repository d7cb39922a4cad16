import { serveTasks } from '../../engines/thread/worker/serve-tasks.js';
import { unpackModules } from '../../engines/thread/worker/unpack-modules.js';
import type { WorkerPlan } from '../worker-plan.js';

serveTasks(async (input) => {
  const plan = input as WorkerPlan;
  if (plan.packed) unpackModules(plan.packed);
  // Imports @nestjs/common, and with it what was packed.
  const { bootPlan } = await import('./boot-plan.js');
  return bootPlan(plan);
});
