import { PoolConfigError } from '../../core/errors.js';
import { findSwc } from './swc.js';
import { isTypeScript, WAYS_OUT_WITHOUT_SWC } from './source-files.js';

/**
 * Checks, before any thread starts, that workers can load a file if it is TypeScript.
 * @throws PoolConfigError naming the file, what is in it, and the ways out.
 */
export function checkTypeScript(pool: string, what: string, file: string | URL): void {
  const url = new URL(file);
  if (!isTypeScript(url.pathname) || findSwc(url) !== null) return;
  throw new PoolConfigError(
    `pool '${pool}': ${what} is in ${url.href}. That is TypeScript, which workers load through @swc/core of your project, and that cannot be found from there, nor from ${process.cwd()}. ${WAYS_OUT_WITHOUT_SWC}.`,
    { pool },
  );
}
