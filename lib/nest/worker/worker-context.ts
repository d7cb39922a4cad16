import { Module, type INestApplicationContext, type Type } from '@nestjs/common';
import { ModulesContainer, NestFactory } from '@nestjs/core';
import { PoolConfigError } from '../../core/errors.js';
import type { ContextCarrier } from '../../core/contract/context-carrier.js';
import type { TaskHost } from '../../engines/thread/task-host.js';
import { inSurroundings } from '../../engines/thread/worker/in-surroundings.js';
import { inertModule } from '../inert.js';
import { providedClasses, type Provided } from '../provided-classes.js';
import type { PlannedClass, WorkerPlan } from '../worker-plan.js';
import { bindTasks, type TaskMap } from './bind-tasks.js';
import { ForwardLogger } from './forward-logger.js';
import type { LoadedCarrier } from './load-carrier-classes.js';
import { providedCarriers } from './provided-carriers.js';

/** Makes the application's pools injectable in the worker, where they cannot be used. */
class InertPoolsModule {}

/** What a worker boots: a module's imports and providers, and how it is called in messages. */
export interface WorkerRoot {
  readonly imports: readonly unknown[];
  readonly providers: readonly unknown[];
  /** Among the providers; `null`: what is provided under `POOL_CONTEXT`. */
  readonly carriers: readonly LoadedCarrier[] | null;
  readonly title: string;
}

/** Boots a standalone application context and takes the planned tasks from what it provides. Its hooks are Nest's. */
export async function bootContext(
  plan: WorkerPlan,
  root: WorkerRoot,
  pick: (provided: Provided, planned: PlannedClass) => boolean,
): Promise<TaskHost> {
  const context = await NestFactory.createApplicationContext(rootModule(plan, root), {
    abortOnError: false,
    logger: new ForwardLogger(),
  });
  const provided = providedClasses(context.get(ModulesContainer));
  const tasks: TaskMap = new Map();
  for (const planned of plan.classes) {
    const found = provided.find((candidate) => pick(candidate, planned));
    if (!found) throw await notProvided(plan, root, planned, context);
    bindTasks(tasks, planned, found.cls, instancesOf(found, context));
  }
  const carriers = root.carriers
    ? root.carriers.map(({ planned, cls }) => ({ name: planned.name, carrier: context.get<ContextCarrier>(cls) }))
    : await providedCarriers(plan, root.title, context);
  return inSurroundings({ tasks, close: () => context.close() }, carriers);
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

async function notProvided(
  { pool }: WorkerPlan,
  { title }: WorkerRoot,
  { className, tasks }: PlannedClass,
  context: INestApplicationContext,
): Promise<PoolConfigError> {
  await context.close();
  return new PoolConfigError(
    `pool '${pool}': ${title} does not provide ${className}, whose task '${tasks[0]!.name}' runs in this pool. Add ${className} to the providers of that module, or of one that it imports.`,
    { pool },
  );
}
