import type { Transferable } from 'node:worker_threads';
import type { RunOptions } from '../core/contract/run-options.js';
import type { ManagedPool } from '../core/pool/managed-pool.js';
import { collectTransferables } from '../engines/thread/wire/transferables.js';
import type { Route } from './call-router.js';
import type { TaskBinding } from './exploration.js';
import type { PooledTaskOptions } from './interfaces/pooled-task-options.js';
import { generatorOver, observableAsWell, pushItems } from './items.js';
import { Receiver } from './receiver.js';
import { listening } from './with-progress.js';

/** How one call is to be run. Throws what functions of the decorator's options throw. */
type OptionsOf = (args: readonly unknown[]) => RunOptions | undefined;

/** The way of a method's calls into its thread pool. */
export function threadRoute(pool: ManagedPool, binding: TaskBinding): Route {
  const { tenant, transfer } = binding.method.options;
  const fixed = fixedOptions(binding.method.options);
  const listed = transferOf(transfer);
  if (!listed && typeof tenant !== 'function') return answering(pool, binding, withListener(fixed));
  return answering(pool, binding, (args) => ({
    ...fixed,
    ...(listed && { transfer: listed(args) }),
    ...tenantOf(tenant, args),
    ...listening(),
  }));
}

/** The way of a method's calls into its async pool: the caller's instance goes along, nothing is moved. */
export function asyncRoute(pool: ManagedPool, binding: TaskBinding): Route {
  const { tenant } = binding.method.options;
  const fixed = fixedOptions(binding.method.options);
  const optionsOf: OptionsOf = (args) => ({ ...fixed, ...tenantOf(tenant, args), ...listening() });
  const route = answering(pool, binding, ([, ...args]) => optionsOf(args));
  return (self, args) => route(self, [new Receiver(self), ...args]);
}

/** Calls the task, and gives callers what the method would. What a wrong call throws they get there, too. */
function answering(pool: ManagedPool, { task, method: { answer } }: TaskBinding, optionsOf: OptionsOf): Route {
  switch (answer.kind) {
    case 'promise':
      return (_self, args) => {
        try {
          return pool.run(task, args, optionsOf(args));
        } catch (error) {
          return Promise.reject(error as Error);
        }
      };
    case 'generator':
      return (_self, args) => generatorOver(() => pool.stream(task, args, optionsOf(args)));
    case 'observable':
      return (_self, args) =>
        new answer.class((subscriber) => pushItems(pool.stream(task, args, optionsOf(args)), subscriber));
    case 'either':
      return (_self, args) => observableAsWell(pool.call(task, args, () => optionsOf(args)));
  }
}

/** The same for all calls, unless somebody listens to this one. */
function withListener(fixed: RunOptions | undefined): OptionsOf {
  return () => {
    const listener = listening();
    return listener ? { ...fixed, ...listener } : fixed;
  };
}

/** What is the same for all calls. */
function fixedOptions(options: PooledTaskOptions): RunOptions | undefined {
  const { timeoutMs, queueTimeoutMs, priority, idempotent, retries } = options;
  const tenant = typeof options.tenant === 'function' ? undefined : options.tenant;
  const all = { timeoutMs, queueTimeoutMs, priority, tenant, idempotent, retries };
  const given = Object.entries(all).filter(([, value]) => value !== undefined);
  return given.length === 0 ? undefined : (Object.fromEntries(given) as RunOptions);
}

function tenantOf(tenant: PooledTaskOptions['tenant'], args: readonly unknown[]): { tenant?: string } {
  return typeof tenant === 'function' ? { tenant: tenant(...args) } : {};
}

function transferOf(
  transfer: PooledTaskOptions['transfer'],
): ((args: readonly unknown[]) => readonly Transferable[]) | null {
  if (typeof transfer === 'function') return (args) => transfer(...args);
  return transfer === 'args' || transfer === 'both' ? collectTransferables : null;
}
