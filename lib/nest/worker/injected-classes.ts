import 'reflect-metadata';
import { poolWorkerOf } from '../pool-worker-metadata.js';
import type { AnyClass } from '../pooled-methods.js';
import { isClass } from './load-classes.js';
import { INJECTED_PARAMS, PARAMTYPES } from './needs-injector.js';

const INJECTABLE = '__injectable__';

type CustomProvider = { provide: unknown; useClass?: unknown; inject?: readonly unknown[] };

/**
 * The injectable classes that `roots` and the listed providers ask for and nobody lists, found through constructors,
 * recursively; each with the root that needs it. A root with imports of its own relies on those.
 */
export function injectedClasses(
  roots: readonly AnyClass[],
  listed: readonly unknown[],
  imported: ReadonlySet<unknown>,
): ReadonlyMap<AnyClass, AnyClass> {
  const given = new Set<unknown>([...imported, ...roots, ...listed.map(tokenOf)]);
  const found = new Map<AnyClass, AnyClass>();
  const visit = (tokens: readonly unknown[], root: AnyClass) => {
    for (const token of tokens) {
      if (given.has(token) || !isInjectable(token)) continue;
      given.add(token);
      found.set(token, root);
      visit(dependenciesOf(token), root);
    }
  };
  for (const root of roots) {
    const { imports = [], providers = [] } = poolWorkerOf(root) ?? {};
    if (imports.length > 0) continue;
    visit([...dependenciesOf(root), ...providers.flatMap(wantedBy)], root);
  }
  return found;
}

/** What a class's constructor is given: `@Inject()` tokens where there are any, else the types. */
function dependenciesOf(cls: AnyClass): unknown[] {
  const tokens = [...((Reflect.getMetadata(PARAMTYPES, cls) as readonly unknown[] | undefined) ?? [])];
  const explicit = Reflect.getMetadata(INJECTED_PARAMS, cls) as
    readonly { index: number; param: unknown }[] | undefined;
  for (const { index, param } of explicit ?? []) tokens[index] = param;
  return tokens.map(resolved);
}

function wantedBy(provider: unknown): unknown[] {
  if (isClass(provider)) return dependenciesOf(provider);
  const { useClass, inject = [] } = provider as CustomProvider;
  return isClass(useClass) ? dependenciesOf(useClass) : inject.map(resolved);
}

export function tokenOf(provider: unknown): unknown {
  return isClass(provider) ? provider : (provider as CustomProvider).provide;
}

/** A token may stand behind `forwardRef()`, or be `{ token, optional }` in a factory's `inject`. */
function resolved(token: unknown): unknown {
  if (typeof token !== 'object' || token === null) return token;
  if ('forwardRef' in token) return (token.forwardRef as () => unknown)();
  return 'token' in token ? token.token : token;
}

function isInjectable(token: unknown): token is AnyClass {
  return isClass(token) && Reflect.hasOwnMetadata(INJECTABLE, token) === true;
}
