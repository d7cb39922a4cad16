import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

const ROOT = process.cwd();
const TOOLCHAINS = path.join(ROOT, 'test/toolchains');

/** An application of TypeScript sources outside the repository. */
export interface SourceApp extends AsyncDisposable {
  readonly folder: string;
  write(file: string, text: string): Promise<void>;
}

/**
 * Makes the application of the toolchains that are run from sources, in a folder of its own, with the packages of this
 * repository and this library as it is built.
 */
export async function sourceApp(type: 'module' | 'commonjs'): Promise<SourceApp> {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'source-app-')));
  for (const layer of ['shared', 'sources']) await cp(path.join(TOOLCHAINS, layer), folder, { recursive: true });
  const config = JSON.parse(await readFile(path.join(TOOLCHAINS, 'apps/tsx-nest12/tsconfig.json'), 'utf8')) as object;
  const write = (file: string, text: string) => writeFile(path.join(folder, file), text);
  await write('package.json', JSON.stringify({ name: 'source-app', private: true, type }));
  await write('tsconfig.json', JSON.stringify(config));
  const modules = path.join(folder, 'node_modules');
  await mkdir(modules);
  for (const name of await readdir(path.join(ROOT, 'node_modules'))) {
    await symlink(path.join(ROOT, 'node_modules', name), path.join(modules, name), 'junction');
  }
  await symlink(ROOT, path.join(modules, 'nestjs-dynamic-pool'), 'junction');
  return { folder, write, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}
