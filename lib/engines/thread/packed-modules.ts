import { promises } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { compileFunction } from 'node:vm';

/** CommonJS modules as this thread found them on disk, with what V8 compiled; survives structured clone. */
export interface PackedModules {
  /** The files that are loaded at once; the others where one of them asks. */
  readonly entries: readonly string[];
  readonly modules: readonly PackedModule[];
  /** Those of the function that Node.js makes of each. */
  readonly parameters: readonly string[];
}

export interface PackedModule {
  readonly file: string;
  readonly code: string;
  readonly compiled: Uint8Array;
}

const turn = promisify(setImmediate);
const PARAMETERS = ['exports', 'require', 'module', '__filename', '__dirname'];

/** Modules that are compiled between two turns of the event loop, at some 0.1 ms each. */
const AT_A_TIME = 8;

/**
 * Packs the CommonJS modules of some packages, as far as this thread has loaded them. A package of ES modules, and one
 * that is not loaded, is left out. Threads that are given the pack neither look for those files, nor read or compile them.
 */
export async function packModules(packages: readonly string[], from: string): Promise<PackedModules | null> {
  const require = createRequire(from);
  const entries = packages
    .map((name) => loadedEntry(require, name))
    .filter((file) => file !== null && file.includes(MODULES) && file.endsWith('.js')) as string[];
  const folders = entries.map((file) => packageFolder(file));
  const files = Object.keys(require.cache).filter((file) => isPackable(file, folders) && require.cache[file]!.loaded);
  const codes = await Promise.all(files.map((file) => promises.readFile(file, 'utf8')));
  const modules: PackedModule[] = [];
  for (const [i, file] of files.entries()) {
    modules.push({ file, code: codes[i]!, compiled: compiled(file, codes[i]!) });
    if (i % AT_A_TIME === 0) await turn();
  }
  return modules.length > 0 ? { entries, modules, parameters: PARAMETERS } : null;
}

function loadedEntry(require: NodeJS.Require, name: string): string | null {
  try {
    const file = require.resolve(name);
    return require.cache[file]?.loaded ? file : null;
  } catch {
    return null;
  }
}

/** Up to and with the name of the package. */
function packageFolder(file: string): string {
  const end = file.lastIndexOf(MODULES) + MODULES.length;
  const [scopeOrName, name] = file.slice(end).split(path.sep);
  return path.join(file.slice(0, end), scopeOrName!, scopeOrName!.startsWith('@') ? name! : '') + path.sep;
}

const MODULES = `${path.sep}node_modules${path.sep}`;

function isPackable(file: string, folders: readonly string[]): boolean {
  return file.endsWith('.js') && folders.some((folder) => file.startsWith(folder));
}

/** In shared memory: all threads read the same. */
function compiled(file: string, code: string): Uint8Array {
  const { cachedData } = compileFunction(code, PARAMETERS, { filename: file, produceCachedData: true }) as {
    cachedData?: Buffer;
  };
  const shared = new Uint8Array(new SharedArrayBuffer(cachedData?.byteLength ?? 0));
  if (cachedData) shared.set(cachedData);
  return shared;
}
