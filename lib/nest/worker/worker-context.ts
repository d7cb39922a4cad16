import { Module, type INestApplicationContext, type LoggerService, type Type } from '@nestjs/common';
import { ModulesContainer, NestFactory } from '@nestjs/core';
import { PoolConfigError } from '../../core/errors.js';
import type { ContextCarrier } from '../../core/contract/context-carrier.js';
import type { TaskHost } from '../../engines/thread/task-host.js';
import { inSurroundings } from '../../engines/thread/worker/in-surroundings.js';
import { inertModule } from '../inert.js';
import { providedClasses, type Provided } from '../provided-classes.js';
import { isShortened, KEEP_NAMES } from '../shortened-names.js';
import type { PlannedClass, WorkerPlan } from '../worker-plan.js';
import { bindTasks, type TaskMap } from './bind-tasks.js';
import { ForwardLogger } from './forward-logger.js';
import type { LoadedCarrier } from './load-carrier-classes.js';
import { providedCarriers } from './provided-carriers.js';
import { refuseRequest } from './refuse-request.js';

/** Makes the application's pools injectable in the worker, where they cannot be used. */
class InertPoolsModule {}

/** What a worker boots: a module's imports and providers, and how it is called in messages. */
export interface WorkerRoot {
  readonly imports: readonly unknown[];
  readonly providers: readonly unknown[];
  /** Among the providers; `null`: what is provided under `POOL_CONTEXT`. */
  readonly carriers: readonly LoadedCarrier[] | null;
  readonly title: string;
  /** Default: log lines go to the application's logger. */
  readonly logger?: LoggerService | false;
}

/** Boots a standalone application context and takes the planned tasks from what it provides. Its hooks are Nest's. */
export async function bootContext(
  plan: WorkerPlan,
  root: WorkerRoot,
  pick: (provided: Provided, planned: PlannedClass) => boolean,
): Promise<TaskHost> {
  const context = await NestFactory.createApplicationContext(rootModule(plan, root), {
    abortOnError: false,
    logger: root.logger ?? new ForwardLogger(),
  });
  try {
    const tasks = tasksOf(plan, root, pick, context);
    const carriers = root.carriers
      ? root.carriers.map(({ planned, cls }) => ({ name: planned.name, carrier: context.get<ContextCarrier>(cls) }))
      : await providedCarriers(plan, root.title, context);
    return inSurroundings({ tasks, close: () => context.close() }, carriers);
  } catch (error) {
    await context.close();
    throw error;
  }
}

function tasksOf(
  plan: WorkerPlan,
  root: WorkerRoot,
  pick: (provided: Provided, planned: PlannedClass) => boolean,
  context: INestApplicationContext,
): TaskMap {
  const provided = providedClasses(context.get(ModulesContainer));
  const tasks: TaskMap = new Map();
  for (const planned of plan.classes) {
    const candidates = provided.filter((candidate) => pick(candidate, planned));
    const found = candidates.find(({ cls }) => cls.name === planned.className) ?? candidates[0];
    if (!found) throw notProvided(plan, root, planned);
    refuseRequest(plan.pool, planned, found.wrapper);
    bindTasks(tasks, planned, found.cls, instancesOf(found, context));
  }
  return tasks;
}

function rootModule({ pools }: WorkerPlan, { imports, providers }: WorkerRoot): Type {
  class PoolWorkerRoot {}
  const metadata = { imports: [inertModule(InertPoolsModule, pools, true), ...imports], providers: [...providers] };
  Module(metadata as Parameters<typeof Module>[0])(PoolWorkerRoot);
  return PoolWorkerRoot;
}

function instancesOf({ token, instances, sharing }: Provided, context: INestApplicationContext) {
  if (sharing() === 'shared') return { shared: instances[0]! };
  return { perCall: () => context.resolve<object>(token as Type<object>, undefined, { strict: false }) };
}

function notProvided({ pool }: WorkerPlan, { title }: WorkerRoot, { className, tasks }: PlannedClass): PoolConfigError {
  return new PoolConfigError(
    `pool '${pool}': ${title} does not provide ${className}, whose task '${tasks[0]!.name}' runs in this pool. Add ${className} to the providers of that module, or of one that it imports.${isShortened(className) ? ` ${KEEP_NAMES}.` : ''}`,
    { pool },
  );
}
