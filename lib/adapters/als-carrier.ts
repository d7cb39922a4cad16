import type { AsyncLocalStorage } from 'node:async_hooks';
import type { ContextCarrier } from '../core/contract/context-carrier.js';

/** How the store of an AsyncLocalStorage crosses. */
export interface AlsCarrierOptions<Store, Captured = Store> {
  /** What of the store goes along, told while the caller calls. Default: a shallow copy of it. */
  readonly pick?: (store: Store) => Captured | undefined;
  /** Makes the worker's store of it. Default: it is the store. */
  readonly restore?: (captured: Captured) => Store;
  /** What log lines of the task are found by, told in the worker. Default: nothing. */
  readonly correlationId?: (store: Store) => string | undefined;
}

/**
 * A class whose instances take the store of an AsyncLocalStorage along, to be extended: the class gets a name and a file by
 * that, which is how workers find it. The storage stands in a module that main and workers both import.
 * @publicApi
 * @example
 * export const tenants = new AsyncLocalStorage<Tenant>();
 * export class TenantCarrier extends AlsCarrier(tenants, { correlationId: ({ requestId }) => requestId }) {}
 */
export function AlsCarrier<Store, Captured = Store>(
  storage: AsyncLocalStorage<Store>,
  options: AlsCarrierOptions<Store, Captured> = {},
): new () => ContextCarrier<Captured> {
  const { pick = copied as (store: Store) => unknown as (store: Store) => Captured, correlationId } = options;
  const restore = options.restore ?? ((captured: Captured) => captured as unknown as Store);
  return class implements ContextCarrier<Captured> {
    capture(): Captured | undefined {
      const store = storage.getStore();
      return store === undefined ? undefined : pick(store);
    }

    run<R>(captured: Captured, task: () => R): R {
      return storage.run(restore(captured), task);
    }

    correlationId(): string | undefined {
      const store = storage.getStore();
      return store === undefined ? undefined : correlationId?.(store);
    }
  };
}

/** What the caller changes in its store while the task waits shall not change what goes along. */
function copied(store: unknown): unknown {
  if (store instanceof Map) return new Map(store);
  if (typeof store !== 'object' || store === null) return store;
  return Object.getPrototypeOf(store) === Object.prototype ? { ...store } : store;
}
