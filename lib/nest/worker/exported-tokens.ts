import 'reflect-metadata';
import { isClass } from './load-classes.js';

type ModuleLike = { module?: unknown; global?: boolean; imports?: readonly unknown[]; exports?: readonly unknown[] };

/** The tokens that a module which imports these can inject: what they export, and what global modules below them do. */
export async function exportedTokens(imports: readonly unknown[]): Promise<ReadonlySet<unknown>> {
  const tokens = new Set<unknown>();
  const seen = new Map<unknown, boolean>();
  const visit = async (reference: unknown, isVisible: boolean): Promise<void> => {
    const module = await settled(reference);
    const before = seen.get(module);
    if (module === undefined || before === true || before === isVisible) return;
    seen.set(module, isVisible);
    const exports = partsOf(module, 'exports');
    if (isVisible || isGlobal(module)) for (const exported of exports) tokens.add(await tokenOf(exported));
    const visible = new Set(isVisible ? await Promise.all(exports.map(async (e) => classOf(await settled(e)))) : []);
    for (const below of partsOf(module, 'imports')) await visit(below, visible.has(classOf(await settled(below))));
  };
  for (const module of imports) await visit(module, true);
  return tokens;
}

async function settled(reference: unknown): Promise<unknown> {
  const module = await reference;
  const isForward = typeof module === 'object' && module !== null && 'forwardRef' in module;
  return isForward ? (module.forwardRef as () => unknown)() : module;
}

/** Static metadata of the class, and what a dynamic module adds. */
function partsOf(module: unknown, key: 'imports' | 'exports'): readonly unknown[] {
  const cls = classOf(module);
  const fixed = isClass(cls) ? ((Reflect.getMetadata(key, cls) as readonly unknown[] | undefined) ?? []) : [];
  return isClass(module) ? fixed : [...fixed, ...((module as ModuleLike)[key] ?? [])];
}

function isGlobal(module: unknown): boolean {
  const cls = classOf(module);
  return (module as ModuleLike).global === true || (isClass(cls) && Reflect.hasMetadata('__module:global__', cls));
}

function classOf(module: unknown): unknown {
  return isClass(module) ? module : (module as ModuleLike | undefined)?.module;
}

async function tokenOf(exported: unknown): Promise<unknown> {
  const value = await settled(exported);
  return typeof value === 'object' && value !== null && 'provide' in value ? value.provide : value;
}
