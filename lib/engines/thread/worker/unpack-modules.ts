import { createRequire, Module } from 'node:module';
import path from 'node:path';
import { compileFunction } from 'node:vm';
import type { PackedModule, PackedModules } from '../packed-modules.js';

/**
 * Loads what main has packed, and enters it where Node.js looks for loaded CommonJS modules, `require.cache`, each under
 * its file: who requires or imports one afterwards gets that. The modules are what they would have been, only that nobody
 * searched, read and compiled them here. If one cannot be loaded, nothing has happened, and Node.js does it all.
 */
export function unpackModules(packed: PackedModules): void {
  const unpacking = new Unpacking(packed);
  try {
    for (const file of packed.entries) unpacking.load(file);
  } catch {
    unpacking.undo();
  }
}

class Unpacking {
  readonly #cache = createRequire(import.meta.url).cache;
  readonly #packed: ReadonlyMap<string, PackedModule>;
  readonly #loaded: string[] = [];

  constructor(readonly all: PackedModules) {
    this.#packed = new Map(all.modules.map((module) => [module.file, module]));
  }

  load(file: string): unknown {
    const known = this.#cache[file];
    if (known) return known.exports;
    const { code, compiled } = this.#packed.get(file)!;
    const module = new Module(file);
    module.filename = file;
    this.#cache[file] = module;
    this.#loaded.push(file);
    const cachedData = Buffer.from(compiled.buffer, compiled.byteOffset, compiled.byteLength);
    const run = compileFunction(code, this.all.parameters, { filename: file, cachedData });
    run.call(module.exports, module.exports, this.#requireOf(file), module, file, path.dirname(file));
    module.loaded = true;
    return module.exports;
  }

  undo(): void {
    for (const file of this.#loaded) delete this.#cache[file];
  }

  /** Files beside it are found without a look at the disk, all else as ever. */
  #requireOf(file: string): NodeJS.Require {
    const ordinary = createRequire(file);
    const packed = (name: string): unknown => {
      const found = name.startsWith('.') ? this.#find(path.resolve(path.dirname(file), name)) : null;
      return found === null ? (ordinary(name) as unknown) : this.load(found);
    };
    return Object.assign(packed, ordinary);
  }

  #find(place: string): string | null {
    for (const file of [place, `${place}.js`, path.join(place, 'index.js')]) if (this.#packed.has(file)) return file;
    return null;
  }
}
