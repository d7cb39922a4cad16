import type { ModulesContainer } from '@nestjs/core';
import type { AnyClass } from './pooled-methods.js';
import { POOL_CONTEXT } from './tokens.js';

/** One provider of `POOL_CONTEXT`. */
export interface ProvidedContext {
  /** `POOL_CONTEXT of SomeModule`. */
  readonly place: string;
  /** Of `useClass`. */
  readonly cls: AnyClass | null;
  /** Whether its values are there. Those of a class may be stand-ins until the container is through. */
  readonly isMade: boolean;
  /** An array counts as its items. */
  readonly values: readonly unknown[];
  /** Whether there is one for all. Nest knows once it has initialised; asked earlier, its answer would be wrong, and stay. */
  isShared(): boolean;
}

/** The providers of `POOL_CONTEXT`, in the order of the modules. */
export function providedContext(modules: ModulesContainer): ProvidedContext[] {
  return [...modules.values()].flatMap((module) => {
    const wrapper = module.providers.get(POOL_CONTEXT);
    if (!wrapper) return [];
    const isFactory = Boolean(wrapper.inject);
    const cls = typeof wrapper.metatype === 'function' && !isFactory ? (wrapper.metatype as AnyClass) : null;
    const value: unknown = wrapper.instance;
    return {
      place: `POOL_CONTEXT of ${module.name}`,
      cls,
      isMade: value !== null && value !== undefined,
      values: Array.isArray(value) ? (value as unknown[]) : [value],
      isShared: () => !wrapper.isTransient && wrapper.isDependencyTreeStatic(),
    };
  });
}
