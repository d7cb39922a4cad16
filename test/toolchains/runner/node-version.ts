import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { installPackages } from '../../support/packed-library.js';
import { runCommand } from '../../support/run-command.js';

export interface NodeVersion {
  /** As `--node` names it: `20`. */
  readonly major: string;
  /** `20.20.2`. */
  readonly version: string;
  /** What a process needs so that `node` is this one. */
  readonly env: NodeJS.ProcessEnv;
}

/** A Node.js: the running one if it is of this major version, else one from the registry, installed below `home`. */
export async function findNode(major: string, home: string): Promise<NodeVersion> {
  if (process.versions.node.startsWith(`${major}.`)) {
    return { major, version: process.versions.node, env: withPath(path.dirname(process.execPath)) };
  }
  const folder = path.join(home, `node-${major}`);
  await mkdir(folder);
  await writeFile(path.join(folder, 'package.json'), '{ "private": true }\n');
  await installPackages(folder, [`node@${major}`]);
  const bin = path.join(folder, 'node_modules/node/bin');
  const { stdout } = await runCommand(path.join(bin, 'node'), ['--version'], { cwd: folder });
  return { major, version: stdout.trim().slice(1), env: withPath(bin) };
}

function withPath(bin: string): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${bin}${path.delimiter}${process.env['PATH'] ?? ''}` };
}
