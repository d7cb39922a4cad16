import { createRequire } from 'node:module';
import path from 'node:path';
import { nearest } from './nearest.js';
import { asObject, readJsonObject } from './read-json.js';

/** What the nearest tsconfig.json, with those that it extends, says. */
export interface TsProject {
  /** The file itself; `null` where there is none. */
  readonly file: string | null;
  readonly options: Readonly<Record<string, unknown>>;
  /** Folder from which imports without a dot are tried first, or `null`. */
  readonly baseUrl: string | null;
  /** `paths`, with the folder that their targets start from. */
  readonly aliases: Readonly<Record<string, readonly string[]>>;
  readonly aliasesFrom: string;
}

const NO_PROJECT: TsProject = { file: null, options: {}, baseUrl: null, aliases: {}, aliasesFrom: '/' };

const nearestProject = nearest((folder) => readProject(path.join(folder, 'tsconfig.json'), []));
let chosen: TsProject | null | undefined;

/** The project of a source file: the one that its runner was told of (TSX_TSCONFIG_PATH, TS_NODE_PROJECT), else the nearest. */
export function projectOf(file: string): TsProject {
  chosen ??= chosenProject(process.env.TSX_TSCONFIG_PATH ?? process.env.TS_NODE_PROJECT);
  return chosen ?? nearestProject(path.dirname(file)) ?? NO_PROJECT;
}

function chosenProject(file: string | undefined): TsProject | null {
  return file ? readProject(path.resolve(file), []) : null;
}

/** `inside`: those that extend it, the outermost first. A file that extends itself, over others, ends there. */
function readProject(file: string, inside: readonly string[]): TsProject | null {
  const json = inside.includes(file) ? null : readJsonObject(file);
  if (!json) return null;
  const parents = [json.extends ?? []].flat().filter((name) => typeof name === 'string');
  const base = parents.map((name) => readProject(extended(name, file), [...inside, file]) ?? NO_PROJECT);
  const own = asObject(json.compilerOptions) ?? {};
  return base.reduceRight(inherit, ownProject(file, path.dirname(inside[0] ?? file), own));
}

/** `configDir` is the folder of the outermost file, whichever names it. */
function ownProject(file: string, configDir: string, options: Readonly<Record<string, unknown>>): TsProject {
  const folder = path.dirname(file);
  const place = (name: string) => path.resolve(folder, name.replace('${configDir}', configDir));
  const baseUrl = typeof options.baseUrl === 'string' ? place(options.baseUrl) : null;
  return { file, options, baseUrl, aliases: readAliases(options.paths, place), aliasesFrom: baseUrl ?? folder };
}

function inherit(own: TsProject, base: TsProject): TsProject {
  const hasAliases = Object.keys(own.aliases).length > 0;
  return {
    file: own.file,
    options: { ...base.options, ...own.options },
    baseUrl: own.baseUrl ?? base.baseUrl,
    aliases: hasAliases ? own.aliases : base.aliases,
    aliasesFrom: hasAliases ? (own.baseUrl ?? base.baseUrl ?? own.aliasesFrom) : base.aliasesFrom,
  };
}

function readAliases(paths: unknown, place: (name: string) => string): TsProject['aliases'] {
  const entries = Object.entries(asObject(paths) ?? {}).map(([pattern, targets]) => {
    const names = (Array.isArray(targets) ? targets : []).filter((target) => typeof target === 'string');
    return [pattern, names.map((name) => (name.includes('${configDir}') ? place(name) : name))] as const;
  });
  return Object.fromEntries(entries);
}

/** The file that `extends` names: a path, or a file or folder of a package. */
function extended(name: string, from: string): string {
  if (/^\.{0,2}\//.test(name) || path.isAbsolute(name)) {
    const file = path.resolve(path.dirname(from), name);
    return file.endsWith('.json') ? file : `${file}.json`;
  }
  const require = createRequire(from);
  for (const candidate of [name, `${name}.json`, `${name}/tsconfig.json`]) {
    try {
      const file = require.resolve(candidate);
      if (file.endsWith('.json')) return file;
    } catch {
      // Another spelling may be the one.
    }
  }
  throw new Error(`${from} extends ${name}, which cannot be found`);
}
