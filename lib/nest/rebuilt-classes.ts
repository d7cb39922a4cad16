import type { ModulesContainer } from '@nestjs/core';
import type { AnyClass } from './pooled-methods.js';
import { poolWorkerOf } from './pool-worker-metadata.js';
import { remoteClass } from './remote.js';
import { injectedClasses } from './worker/injected-classes.js';

/** A pooled class, and one that it is given which a worker would make otherwise than the application does. */
export interface Rebuilt {
  readonly cls: AnyClass;
  readonly dependency: AnyClass;
}

/**
 * What workers build from its constructor although the application provides it by a value, a factory or another
 * class: configured here, it would be bare there.
 */
export function rebuiltClasses(classes: readonly AnyClass[], modules: ModulesContainer): Rebuilt[] {
  const found: Rebuilt[] = [];
  for (const cls of new Set(classes)) {
    const { providers = [] } = poolWorkerOf(cls) ?? {};
    for (const dependency of injectedClasses([cls], providers, new Set()).keys()) {
      if (isProvidedOtherwise(dependency, modules)) found.push({ cls, dependency });
    }
  }
  return found;
}

function isProvidedOtherwise(token: AnyClass, modules: ModulesContainer): boolean {
  for (const { providers } of modules.values()) {
    const wrapper = providers.get(token);
    if (!wrapper || remoteClass(wrapper.metatype) === token) continue;
    if (wrapper.inject || wrapper.metatype !== token) return true;
  }
  return false;
}
