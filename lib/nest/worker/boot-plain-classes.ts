import { Logger } from '@nestjs/common';
import type { TaskHost } from '../../engines/thread/task-host.js';
import { bindTasks, type TaskMap } from './bind-tasks.js';
import { ForwardLogger } from './forward-logger.js';
import type { LoadedClass } from './load-classes.js';

type Hooks = Partial<Record<string, () => unknown>>;

/** Classes that are given nothing are constructed, no container needed; Nest's hooks are called all the same. */
export async function bootPlainClasses(classes: readonly LoadedClass[]): Promise<TaskHost> {
  Logger.overrideLogger(new ForwardLogger());
  const tasks: TaskMap = new Map();
  const instances = classes.map(({ planned, cls }) => {
    const instance = new (cls as unknown as new () => object)();
    bindTasks(tasks, planned, cls, { shared: instance });
    return instance as Hooks;
  });
  await callHooks(instances, ['onModuleInit', 'onApplicationBootstrap']);
  const close = () => callHooks(instances, ['onModuleDestroy', 'beforeApplicationShutdown', 'onApplicationShutdown']);
  return { tasks, close };
}

async function callHooks(instances: readonly Hooks[], hooks: readonly string[]): Promise<void> {
  for (const hook of hooks) {
    await Promise.all(instances.map(async (instance) => instance[hook]?.()));
  }
}
