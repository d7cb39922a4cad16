import type { Transferable } from 'node:worker_threads';
import type { Pool } from '../core/contract/pool.js';
import type { RunOptions } from '../core/contract/run-options.js';
import { collectTransferables } from '../engines/thread/wire/transferables.js';
import type { Route } from './call-router.js';
import type { TaskBinding } from './exploration.js';
import type { PooledTaskOptions } from './interfaces/pooled-task-options.js';
import { Receiver } from './receiver.js';

/** The way of a method's calls into its thread pool. */
export function threadRoute(pool: Pool, { task, method }: TaskBinding): Route {
  const fixed = fixedOptions(method.options);
  const { tenant, transfer } = method.options;
  const listed = transferOf(transfer);
  if (!listed && typeof tenant !== 'function') return (_self, args) => pool.run(task, args, fixed);
  return async (_self, args) =>
    pool.run(task, args, { ...fixed, ...(listed && { transfer: listed(args) }), ...tenantOf(tenant, args) });
}

/** The way of a method's calls into its async pool: the caller's instance goes along, nothing is moved. */
export function asyncRoute(pool: Pool, { task, method }: TaskBinding): Route {
  const fixed = fixedOptions(method.options);
  const { tenant } = method.options;
  return async (self, args) => pool.run(task, [new Receiver(self), ...args], { ...fixed, ...tenantOf(tenant, args) });
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
