import { CLS_ID, ClsServiceManager } from 'nestjs-cls';
import type { ContextCarrier } from '../core/contract/context-carrier.js';

/** What goes along of a store of nestjs-cls. */
export interface CapturedCls {
  /** `cls.getId()`. */
  readonly id?: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Options of `ClsCarrier`. They count on main; workers make theirs without. */
export interface ClsCarrierOptions {
  /**
   * What goes along besides the id, by its keys (paths as for `cls.get()`); a value that cannot be cloned makes the call
   * reject with `TaskCloneError`. Default: all that has a string for a key and can be cloned.
   */
  readonly keys?: readonly string[];
}

/**
 * Takes the store of nestjs-cls along: `ClsService.get()` and `getId()` work in workers. What a task sets there stays
 * there. The request, the response and proxy providers cannot cross; their keys are symbols, which are left out.
 * @publicApi
 * @example { provide: POOL_CONTEXT, useClass: ClsCarrier }
 */
export class ClsCarrier implements ContextCarrier<CapturedCls> {
  readonly #keys: readonly string[] | undefined;

  constructor({ keys }: ClsCarrierOptions = {}) {
    this.#keys = keys;
  }

  capture(): CapturedCls | undefined {
    const cls = ClsServiceManager.getClsService();
    if (!cls.isActive()) return undefined;
    const values = this.#keys ? chosen(this.#keys) : cloneable(cls.get() as object);
    const id = cls.getId() as string | undefined;
    return id === undefined ? { values } : { id, values };
  }

  run<R>({ id, values }: CapturedCls, task: () => R): R {
    const cls = ClsServiceManager.getClsService();
    return cls.runWith(id === undefined ? {} : { [CLS_ID]: id }, () => {
      for (const [key, value] of Object.entries(values)) cls.set(key, value);
      return task();
    });
  }

  correlationId(): string | undefined {
    return ClsServiceManager.getClsService().getId();
  }
}

function chosen(keys: readonly string[]): Record<string, unknown> {
  const cls = ClsServiceManager.getClsService();
  const values = keys.map((key) => [key, cls.get<unknown>(key)] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

/** Copies, so that what the caller changes in them while the task waits does not show. */
function cloneable(store: object): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(store)) {
    if (typeof value === 'function' || typeof value === 'symbol') continue;
    try {
      values[key] = typeof value === 'object' && value !== null ? structuredClone(value) : value;
    } catch {
      // It stays behind.
    }
  }
  return values;
}
