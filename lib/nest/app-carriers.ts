import type { ModulesContainer } from '@nestjs/core';
import { PoolConfigError } from '../core/errors.js';
import { nameCarriers, type NamedCarrier } from '../core/named-carriers.js';
import type { HostContext } from '../engines/create-pool.js';
import { isCarrierClass, type PlannedCarrier } from '../engines/context/load-carriers.js';
import { sourceOf } from './check-plan.js';
import { restartsApplication } from './main-script.js';
import type { PoolCode } from './pool-code.js';
import { classOf, type AnyClass } from './pooled-methods.js';
import { providedContext, type ProvidedContext } from './provided-context.js';
import { fileOf } from './worker-plan.js';

/**
 * What an application provides under `POOL_CONTEXT`.
 *
 * `closed`, while the container instantiates its providers: calls carry nothing → `open`, when the pools start.
 */
export class AppCarriers {
  readonly isEmpty: boolean;
  #carriers: readonly NamedCarrier[] = [];

  constructor(readonly modules: ModulesContainer) {
    this.isEmpty = providedContext(modules).length === 0;
  }

  /** @throws PoolConfigError for what is no carrier, or not one for all calls. */
  open(): void {
    const found = providedContext(this.modules);
    for (const { place, isShared } of found) {
      if (isShared()) continue;
      throw new PoolConfigError(
        `${place} is of a request scope, or transient; it is asked at each call, by no request. Give it the default scope, and let it find the request in an AsyncLocalStorage.`,
      );
    }
    // A module that is there twice brings what it provides twice.
    const byClass = new Map<unknown, unknown>();
    for (const carrier of found.flatMap(({ values }) => values)) {
      const key = ownClass(carrier) ?? carrier;
      if (!byClass.has(key)) byClass.set(key, carrier);
    }
    const places = [...new Set(found.map(({ place }) => place))].join(', ');
    this.#carriers = nameCarriers({ option: places }, [...byClass.values()]);
  }

  /** What a pool is given. */
  forPool(code: PoolCode): HostContext {
    return { carriers: () => this.#carriers, planned: () => this.planned(code) };
  }

  /**
   * What workers of a pool are told. Where they run a file of yours, that brings the carriers.
   * @throws PoolConfigError where it cannot be told yet.
   */
  planned(code: PoolCode): PlannedCarrier[] {
    const planned = new Map<string, PlannedCarrier>();
    for (const { name, cls } of providedContext(this.modules).flatMap(declared)) {
      if (!planned.has(name)) planned.set(name, { name, file: cls && fileForWorkers(code, cls) });
    }
    return [...planned.values()];
  }
}

interface Declared {
  readonly name: string;
  readonly cls: AnyClass | null;
}

/** Classes are known before there are instances; what a factory makes is not. */
function declared({ cls, values, isMade, place }: ProvidedContext): Declared[] {
  if (cls && isCarrierClass(cls)) return [{ name: cls.name, cls }];
  if (!isMade) {
    throw new PoolConfigError(
      `${place} is made by a factory that was not called yet, and a pool was asked for a task. Call pools from onModuleInit() on, or provide it by a class: { provide: POOL_CONTEXT, useClass: ... }.`,
    );
  }
  return nameCarriers({ option: place }, values).map(({ name, carrier }) => ({ name, cls: ownClass(carrier) }));
}

/** Where a worker has another source for it, a file that would start the application again is as good as none. */
function fileForWorkers({ from }: PoolCode, cls: AnyClass): string | null {
  const file = from === 'entry' ? null : fileOf(cls);
  return file !== null && from !== 'files' && isMainScript(file) ? null : file;
}

function isMainScript(file: string): boolean {
  const source = sourceOf(file);
  return source !== null && restartsApplication(file, source);
}

/** `null` for objects that are written down as they are. */
function ownClass(carrier: unknown): AnyClass | null {
  if (typeof carrier !== 'object' || carrier === null) return null;
  const cls = classOf(carrier);
  return cls === Object || cls === null ? null : cls;
}
