import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** An application under test/toolchains/apps, and what its package.json says under `toolchain`. */
export interface Toolchain {
  /** Its folder. */
  readonly name: string;
  readonly folder: string;
  /** The column of the table that says what it is. */
  readonly title: string;
  /** Whether relative imports of the shared sources end in `.js`. Default true; not so in many a CommonJS application. */
  readonly extensions: boolean;
  /** Whether the shared sources are copied in. Default true. */
  readonly shared: boolean;
  /** Whether it is run from its sources, and so gets those of ../sources too. Default false. */
  readonly sources: boolean;
  readonly hasBuild: boolean;
}

interface PackageJson {
  readonly scripts: Readonly<Record<string, string>>;
  readonly toolchain: Partial<Pick<Toolchain, 'title' | 'extensions' | 'shared' | 'sources'>>;
}

/** The toolchains by name, those with `only` in their name. */
export function readToolchains(apps: string, only = ''): Toolchain[] {
  const names = readdirSync(apps, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [entry.name] : [],
  );
  return names
    .filter((name) => name.includes(only))
    .toSorted()
    .map((name) => {
      const folder = path.join(apps, name);
      const { scripts, toolchain } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as PackageJson;
      const { title = name, extensions = true, shared = true, sources = false } = toolchain;
      return { name, folder, title, extensions, shared, sources, hasBuild: 'build' in scripts };
    });
}
