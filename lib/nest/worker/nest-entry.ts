import { serveTasks } from '../../engines/thread/worker/serve-tasks.js';
import type { WorkerPlan } from '../worker-plan.js';
import { bootPlan } from './boot-plan.js';

serveTasks((plan) => bootPlan(plan as WorkerPlan));
