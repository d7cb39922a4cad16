import { PoolConfigError } from '../../core/errors.js';
import { isTypeScript, WAYS_OUT_WITHOUT_SWC } from '../typescript/source-files.js';

/** A file that a worker could not import. */
export interface ImportFailure {
  readonly pool: string;
  /** What is looked for in it. */
  readonly what: string;
  readonly file: string;
  readonly cause: unknown;
  /** What to do about a file that is not TypeScript. */
  readonly remedy?: string;
}

/** The error of a worker that could not import a file, with the way out. */
export function importFailure({ pool, what, file, cause, remedy = 'Make it load' }: ImportFailure): PoolConfigError {
  const told = cause instanceof Error ? cause.message : String(cause);
  const wayOut = isTypeScript(file) ? typescriptRemedy(cause, told) : remedy;
  return new PoolConfigError(
    `pool '${pool}': a worker looked for ${what} in ${file}, and importing that file failed: ${told}. ${wayOut}.`,
    { pool, cause },
  );
}

function typescriptRemedy(cause: unknown, told: string): string {
  const { code } = (cause ?? {}) as { readonly code?: unknown };
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION') {
    return `Workers load TypeScript through @swc/core of your project, which cannot be found. ${WAYS_OUT_WITHOUT_SWC}`;
  }
  if (/does not provide an export named/.test(told)) {
    return 'If that is a type, import it with import type: @swc/core sees one file at a time, so it cannot tell types from values';
  }
  if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') {
    return 'Aliases of the nearest tsconfig.json (paths, baseUrl) reach workers; those of vite, vitest and jest, and their mocks, do not';
  }
  return 'Workers load TypeScript through @swc/core with the nearest tsconfig.json, not through the runner of the application. Make it load there, or run the compiled code (nest build, then node dist/main.js)';
}
