import { realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { PoolConfigError } from '../core/errors.js';
import { refusal, show } from '../core/validate.js';
import { compiledName, sourcesOf } from './typescript/source-files.js';

export interface WorkerFileRequest {
  readonly pool: string;
  /** The option that named the file, for messages. */
  readonly option: string;
  readonly file: unknown;
  /** Directories that the file must be in; none means anywhere on this machine. */
  readonly roots?: readonly URL[] | undefined;
}

/** A scheme of two letters or more; one letter is a Windows drive. */
const SCHEME = /^[a-z][a-z0-9+.-]+:/i;

/**
 * The file URL of code that worker threads are to load: a path (relative ones from the working directory) or a file
 * URL, of a file that exists, inside the allowed roots. Where it names what a source is compiled to, and only the source
 * is there, that is the file, and the other way round: one name serves the compiled application and the sources.
 * @throws PoolConfigError otherwise; `data:`, `http:` and other URLs are never loaded.
 */
export function checkWorkerFile({ pool, option, file, roots }: WorkerFileRequest): URL {
  const url = toUrl(pool, option, file);
  if (url.protocol !== 'file:') {
    throw new PoolConfigError(
      `pool '${pool}': ${option} is ${show(url.href)}; a worker loads files of this machine only, not ${url.protocol} URLs. Use a path or a file: URL.`,
      { pool },
    );
  }
  const named = pathOf(url);
  if (named === null) {
    throw refusal({ pool, option }, url.href, 'the file URL of a module on this machine');
  }
  const location = [named, ...counterparts(named)].find(isFile);
  if (location === undefined) {
    throw new PoolConfigError(
      `pool '${pool}': ${option} names ${show(named)}, and there is no such file (a directory is none). Build it first, or correct the path (relative paths start from ${process.cwd()}; new URL('./tasks.js', import.meta.url) starts from your module).`,
      { pool },
    );
  }
  if (roots && !roots.some((root) => isInside(fileURLToPath(root), location))) {
    const allowed = roots.map((root) => fileURLToPath(root)).join(', ');
    throw new PoolConfigError(
      `pool '${pool}': ${option} names ${show(location)}, outside the allowed roots (${allowed}). Move the file or add its folder to roots.`,
      { pool },
    );
  }
  return location === named ? url : pathToFileURL(location);
}

function counterparts(file: string): readonly string[] {
  const compiled = compiledName(file);
  return compiled === null ? sourcesOf(file) : [compiled];
}

function pathOf(url: URL): string | null {
  try {
    return fileURLToPath(url);
  } catch {
    return null;
  }
}

/** False also for names that the file system refuses to look at. */
function isFile(location: string): boolean {
  try {
    return statSync(location).isFile();
  } catch {
    return false;
  }
}

function toUrl(pool: string, option: string, file: unknown): URL {
  if (file instanceof URL) return file;
  if (typeof file !== 'string' || file === '') {
    throw refusal({ pool, option }, file, 'the path or file URL of a module');
  }
  if (!SCHEME.test(file)) return pathToFileURL(path.resolve(file));
  if (URL.canParse(file)) return new URL(file);
  throw refusal({ pool, option }, file, 'the path or file URL of a module');
}

/** Symbolic links are followed first, so that none leads out. */
function isInside(root: string, file: string): boolean {
  const relative = path.relative(realpathSync(root), realpathSync(file));
  return relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
}
