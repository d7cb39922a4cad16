import type { Runtime, Session } from 'node:inspector';
import { toFileUrl } from './calling-file.js';
import type { AnyClass } from './pooled-methods.js';

const SLOT = '__nestjs_dynamic_pool_class';
const located = new WeakMap<AnyClass, URL | null>();

/**
 * The file that a class was loaded from, by asking V8; `null` where that cannot be told (no inspector in this build
 * of Node, a class made by `eval`). Takes about 20 ms the first time, so decorators' captured files come first.
 */
export function locateClass(cls: AnyClass): URL | null {
  const known = located.get(cls);
  if (known !== undefined) return known;
  const file = ask(cls);
  located.set(cls, file);
  return file;
}

function ask(cls: AnyClass): URL | null {
  try {
    // Asked for when needed: few applications get here.
    const inspector = process.getBuiltinModule('node:inspector');
    const session = new inspector.Session();
    session.connect();
    try {
      return fileOf(session, inspector as unknown as Record<string, unknown>, cls);
    } finally {
      session.disconnect();
    }
  } catch {
    return null;
  }
}

/**
 * In-process sessions answer before `post` returns. `held`: an object that this code has in common with the context in which
 * V8 evaluates; in jest and under vmThreads of vitest that is not the one that this code runs in.
 */
function fileOf(session: Session, held: Record<string, unknown>, cls: AnyClass): URL | null {
  const scripts = new Map<string, string>();
  session.on('Debugger.scriptParsed', ({ params }) => scripts.set(params.scriptId, params.url));
  session.post('Debugger.enable');
  let url: string | undefined;
  held[SLOT] = cls;
  try {
    session.post(
      'Runtime.evaluate',
      { expression: `process.getBuiltinModule('node:inspector').${SLOT}` },
      (_, evaluated) => {
        const objectId = evaluated?.result.objectId;
        if (!objectId) return;
        session.post('Runtime.getProperties', { objectId }, (_, properties) => {
          url = scripts.get(scriptIdOf(properties?.internalProperties ?? []) ?? '');
        });
      },
    );
  } finally {
    delete held[SLOT];
  }
  const file = url ? toFileUrl(url) : null;
  return file ? new URL(file) : null;
}

function scriptIdOf(properties: readonly Runtime.InternalPropertyDescriptor[]): string | undefined {
  const location = properties.find(({ name }) => name === '[[FunctionLocation]]')?.value?.value as unknown;
  return (location as { scriptId?: string } | undefined)?.scriptId;
}
