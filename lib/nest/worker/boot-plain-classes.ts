import { Logger } from '@nestjs/common';
import type { ContextCarrier } from '../../core/contract/context-carrier.js';
import type { TaskHost } from '../../engines/thread/task-host.js';
import { inSurroundings } from '../../engines/thread/worker/in-surroundings.js';
import { bindTasks, type TaskMap } from './bind-tasks.js';
import { ForwardLogger } from './forward-logger.js';
import type { LoadedCarrier } from './load-carrier-classes.js';
import type { LoadedClass } from './load-classes.js';
import { isScopedClass } from './needs-injector.js';

type Hooks = Partial<Record<string, () => unknown>>;

/**
 * Classes that are given nothing are constructed, no container needed; Nest's hooks are called all the same. As in Nest, those
 * of a scope have an instance for each call, and no hooks.
 */
export async function bootPlainClasses(
  classes: readonly LoadedClass[],
  planned: readonly LoadedCarrier[],
): Promise<TaskHost> {
  Logger.overrideLogger(new ForwardLogger());
  const tasks: TaskMap = new Map();
  const instances: Hooks[] = [];
  for (const { planned, cls } of classes) {
    const build = () => new (cls as unknown as new () => object)();
    if (planned.isScoped || isScopedClass(cls)) {
      bindTasks(tasks, planned, cls, { perCall: async () => build() });
      continue;
    }
    const instance = build();
    bindTasks(tasks, planned, cls, { shared: instance });
    instances.push(instance as Hooks);
  }
  const carriers = planned.map(({ planned: { name }, cls }) => {
    return { name, carrier: new (cls as unknown as new () => ContextCarrier)() };
  });
  const hosts = [...instances, ...carriers.map(({ carrier }) => carrier as object as Hooks)];
  await callHooks(hosts, ['onModuleInit', 'onApplicationBootstrap']);
  const close = () => callHooks(hosts, ['onModuleDestroy', 'beforeApplicationShutdown', 'onApplicationShutdown']);
  return inSurroundings({ tasks, close }, carriers);
}

async function callHooks(instances: readonly Hooks[], hooks: readonly string[]): Promise<void> {
  for (const hook of hooks) {
    await Promise.all(instances.map(async (instance) => instance[hook]?.()));
  }
}
