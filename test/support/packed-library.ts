import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { runCommand } from './run-command.js';

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** Packs the library as it stands built in `dist`, and gives the tarball, which lies in `into`. */
export async function packLibrary(root: string, into: string): Promise<string> {
  await runCommand(npm, ['pack', '--ignore-scripts', '--silent', '--pack-destination', into], { cwd: root });
  const tarball = (await readdir(into)).find((file) => file.endsWith('.tgz'));
  return path.join(into, tarball!);
}

/** Installs an application's dependencies, and packages besides, from the registry or what npm has kept of it. */
export async function installPackages(app: string, packages: readonly string[]): Promise<void> {
  await runCommand(npm, ['install', '--no-audit', '--no-fund', '--no-package-lock', '--prefer-offline', ...packages], {
    cwd: app,
    timeoutMs: 600_000,
  });
}

/** Runs a script of an application's package.json. */
export function runScript(app: string, script: string, options: { env?: NodeJS.ProcessEnv; timeoutMs: number }) {
  return runCommand(npm, ['run', '--silent', script], { cwd: app, ...options });
}
