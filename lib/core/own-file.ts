import { existsSync } from 'node:fs';

/** webpack and its kin put this into code that they take in, where the addresses of modules are those of its build. */
// oxlint-disable-next-line no-underscore-dangle -- the name is webpack's
declare const __webpack_require__: unknown;
const isTakenIn = typeof __webpack_require__ !== 'undefined';

/**
 * The URL of a file of this library, which `path` names from the module at `base`; `null` where a bundler has taken
 * the module somewhere else and left the file behind. (`base` is `import.meta.url`, which bundles in CommonJS lack. A
 * plain `new URL(path, import.meta.url)` would have bundlers copy the file as if it stood alone, which it does not.)
 */
export function ownFile(path: string, base: string | undefined): URL | null {
  if (isTakenIn || !base || !URL.canParse(path, base)) return null;
  const url = new URL(path, base);
  return existsSync(url) ? url : null;
}
