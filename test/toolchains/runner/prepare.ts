import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { installPackages, runScript } from '../../support/packed-library.js';
import type { Toolchain } from './toolchain.js';

const BUILD_MS = 300_000;
const RELATIVE_IMPORT = /(\bfrom '\.{1,2}\/[^']+)\.js'/g;

export interface Workplace {
  /** Where the applications are copied to. */
  readonly home: string;
  /** The packed library. */
  readonly tarball: string;
  /** Sources that all applications have; a file of the application of the same name wins. Beside it: `sources`. */
  readonly shared: string;
}

/** Copies an application out of the repository, installs the packed library into it and builds it. Gives its folder. */
export async function prepare(toolchain: Toolchain, { home, tarball, shared }: Workplace): Promise<string> {
  const app = path.join(home, toolchain.name);
  await mkdir(app);
  if (toolchain.shared) {
    await cp(shared, app, { recursive: true });
    if (toolchain.sources) await cp(path.join(shared, '../sources'), app, { recursive: true });
    if (!toolchain.extensions) await dropExtensions(path.join(app, 'src'));
  }
  await cp(toolchain.folder, app, { recursive: true });
  await installPackages(app, [tarball]);
  if (toolchain.hasBuild) await runScript(app, 'build', { timeoutMs: BUILD_MS });
  return app;
}

async function dropExtensions(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    await writeFile(file, (await readFile(file, 'utf8')).replaceAll(RELATIVE_IMPORT, "$1'"));
  }
}
