import { Scope, type Provider, type Type } from '@nestjs/common';
import { PoolConfigError } from '../../core/errors.js';
import type { TaskHost } from '../../engines/thread/task-host.js';
import { WAYS_OUT } from '../load-errors.js';
import { poolWorkerOf } from '../pool-worker-metadata.js';
import type { AnyClass } from '../pooled-methods.js';
import type { WorkerPlan } from '../worker-plan.js';
import { dropEnhancers } from './drop-enhancers.js';
import { exportedTokens } from './exported-tokens.js';
import { injectedClasses, tokenOf } from './injected-classes.js';
import type { LoadedCarrier } from './load-carrier-classes.js';
import type { LoadedClass } from './load-classes.js';
import { isScopedClass } from './needs-injector.js';
import { explained } from './missing-dependency.js';
import { bootContext } from './worker-context.js';

/** What the module is made for. */
type Built = LoadedClass | LoadedCarrier;

/**
 * Boots a module made for the planned classes: what their `@PoolWorker` lists, and, for a class without imports, the
 * injectable classes that its constructor asks for, and theirs in turn.
 */
export async function bootGeneratedModule(
  plan: WorkerPlan,
  classes: readonly LoadedClass[],
  carriers: readonly LoadedCarrier[],
): Promise<TaskHost> {
  const built: readonly Built[] = [...classes, ...carriers];
  const imports = built.flatMap(({ cls }) => poolWorkerOf(cls)?.imports ?? []);
  const listed = built.flatMap(({ cls }) => poolWorkerOf(cls)?.providers ?? []);
  refuseRivals(plan.pool, built);
  const imported = await exportedTokens(imports);
  const own = built.filter(({ cls }) => !imported.has(cls) && !listed.some((provider) => tokenOf(provider) === cls));
  const roots = built.map(({ cls }) => cls).filter((cls) => !imported.has(cls));
  const found = injectedClasses(roots, listed, imported);
  const providers = [...new Set([...listed, ...own.map(ownProvider), ...found.keys()])];
  for (const { cls } of classes) dropEnhancers(cls);
  const byClass = new Map(classes.map(({ planned, cls }) => [planned, cls]));
  try {
    return await bootContext(
      plan,
      { imports, providers, carriers, title: 'the generated module' },
      ({ cls }, planned) => {
        return byClass.get(planned) === cls;
      },
    );
  } catch (error) {
    throw explained(plan.pool, error, (className) => {
      const owner = ownerOf(className, built, found);
      return {
        where: told(className, owner),
        wayOut: `Add what is missing to @PoolWorker({ imports, providers }) on ${owner ? nameOf(owner) : className}, ${WAYS_OUT}`,
      };
    });
  }
}

/** The class itself; with the scope that the application provides it by, where it does. */
function ownProvider({ cls, planned }: Built): Provider {
  const own = cls as Type;
  const isScoped = 'isScoped' in planned && planned.isScoped;
  return isScoped && !isScopedClass(cls) ? { provide: own, useClass: own, scope: Scope.REQUEST } : own;
}

/** The classes of a pool share one module, where a token can mean one thing only. */
function refuseRivals(pool: string, built: readonly Built[]): void {
  const byToken = new Map<unknown, { provider: unknown; className: string }>();
  for (const one of built) {
    const { cls } = one;
    for (const provider of poolWorkerOf(cls)?.providers ?? []) {
      const token = tokenOf(provider);
      const first = byToken.get(token);
      if (first && first.provider !== provider) {
        throw new PoolConfigError(
          `pool '${pool}': @PoolWorker on ${first.className} and on ${nameOf(one)} provide ${String(token)} differently, and the classes of one pool share a module in the worker. Give both the same provider object, or move one of them to another pool.`,
          { pool },
        );
      }
      byToken.set(token, { provider, className: nameOf(one) });
    }
  }
}

/** The planned class that is, or needs, the class of this name. */
function ownerOf(
  className: string,
  built: readonly Built[],
  found: ReadonlyMap<AnyClass, AnyClass>,
): Built | undefined {
  const needed = [...found].find(([cls]) => cls.name === className);
  return built.find(({ cls }) => cls.name === className || cls === needed?.[1]);
}

function told(className: string, owner: Built | undefined): string {
  if (!owner) return className;
  const [ownName, { file }] = [nameOf(owner), owner.planned];
  return ownName === className ? `${className} (${file})` : `${className}, which ${ownName} (${file}) needs`;
}

function nameOf({ planned }: Built): string {
  return 'className' in planned ? planned.className : planned.name;
}
