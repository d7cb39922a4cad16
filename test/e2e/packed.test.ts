import { execFile, fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = process.cwd();
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
let home: string;
let tarball: string;

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'packed-'));
  await run(npm, ['pack', '--ignore-scripts', '--pack-destination', home], { cwd: root });
  tarball = path.join(
    home,
    (await readdir(home)).find((file) => file.endsWith('.tgz'))!,
  );
});

afterAll(() => rm(home, { recursive: true, force: true }));

/** Copies an application out of the repository, installs the tarball into it, and compiles it with its own types. */
async function install(name: string): Promise<string> {
  const app = path.join(home, name);
  await cp(path.join(root, 'test/e2e/apps', name), app, { recursive: true });
  await run(npm, ['install', '--no-audit', '--no-fund', '--prefer-offline', tarball], { cwd: app });
  await symlink(path.join(root, 'node_modules/@types'), path.join(app, 'node_modules/@types')).catch(() => undefined);
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
  const types = path.join(root, 'node_modules/@types');
  await run(process.execPath, [tsc, '-p', app, '--typeRoots', types]).catch((error: { stdout: string }) => {
    throw new Error(error.stdout);
  });
  return app;
}

async function start(app: string): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(path.join(app, 'dist/main.js'), { cwd: app, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [message] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => Promise.reject(new Error('the application exited before it listened'))),
  ])) as [{ url: string }];
  return { child, url: message.url };
}

describe.each([
  ['a fresh Nest 12 application (ES modules)', 'nest12-esm'],
  ['a fresh Nest 11 application (CommonJS)', 'nest11-cjs'],
])('the packed tarball in %s', (_, name) => {
  it('runs a decorated method with its dependencies on a thread, and brings an HttpException back (U1, U4, U7)', async () => {
    const { child, url } = await start(await install(name));
    try {
      const ok = await fetch(`${url}/primes?below=1000`);
      const body = (await ok.json()) as { primes: number; threadId: number; mainThreadId: number };
      expect(body.primes).toBe(168);
      expect(body.threadId).not.toBe(body.mainThreadId);

      const refused = await fetch(`${url}/primes?below=10000001`);
      expect(refused.status).toBe(400);
      expect(await refused.json()).toEqual({ message: 'too large', largest: 10_000_000 });
    } finally {
      child.kill('SIGTERM');
      const [code] = await once(child, 'exit');
      expect([0, null]).toContain(code);
    }
  }, 180_000);
});
