import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packModules, type PackedModules } from '../../lib/engines/thread/packed-modules.js';

const run = promisify(execFile);
const fixture = (name: string) => new URL(`../fixtures/boot/${name}.js`, import.meta.url);

let folder: string;
beforeAll(async () => (folder = await mkdtemp(path.join(tmpdir(), 'boot-'))));
afterAll(() => rm(folder, { recursive: true }));

describe('a worker for a class without dependencies', () => {
  it('loads @nestjs/common, its class and few files of the library, and nothing else (U7)', async () => {
    const trace = path.join(folder, 'trace');
    const args = ['--import', fixture('trace').href, fileURLToPath(fixture('plain-app'))];
    const { stdout } = await run(process.execPath, args, { env: { ...process.env, BOOT_TRACE: trace } });
    expect(stdout).toBe('42\n');
    const loaded = [...new Set((await readFile(trace, 'utf8')).trim().split('\n'))];
    expect(loaded.some((url) => url.endsWith('/@nestjs/common/index.js'))).toBe(true);
    expect(loaded.some((url) => url.endsWith('/lonely.service.js'))).toBe(true);
    const needless =
      /@nestjs\/(?!common)|\/(yaml|ajv|croner|opossum|prom-client|rate-limiter-flexible)\/|^node:https?$/;
    expect(loaded.filter((url) => needless.test(url))).toEqual([]);
    const own = loaded.filter((url) => url.includes('/dist/bundle/')).map((url) => path.basename(url));
    expect(
      own.filter((name) => /injector|runtime-module|configuration|simulator|random|routes|metrics/.test(name)),
    ).toEqual([]);
    expect(own.length).toBeLessThanOrEqual(8);
  }, 60_000);
});

describe('modules that main has packed', () => {
  const unpackedIn = async (packed: PackedModules | null) => {
    const worker = new Worker(fixture('unpacking'), { workerData: packed ?? { entries: [], modules: [] } });
    const [told] = (await once(worker, 'message')) as [Record<string, unknown>];
    await worker.terminate();
    return told;
  };

  it('are those that a worker would have loaded, under their files, and are there once', async () => {
    const packed = await packModules(['rxjs'], import.meta.url);
    expect(packed!.modules.length).toBeGreaterThan(200);
    const [plain, told] = [await unpackedIn(null), await unpackedIn(packed)];
    expect(plain).toMatchObject({ unpacked: 0, sum: 10, isOne: true });
    expect(told).toMatchObject({ sum: 10, isOne: true, isUnpacked: true, names: plain['names'] });
    expect(told['unpacked']).toBeGreaterThan(200);
    // Each frame of the library has its file, line and column, as if Node.js had loaded it.
    const frames = ({ stack }: Record<string, unknown>) =>
      String(stack)
        .split('\n')
        .filter((line) => line.includes('/rxjs/'));
    expect(frames(told).length).toBeGreaterThan(0);
    expect(frames(told)).toEqual(frames(plain));
  }, 60_000);

  it('leave the worker as it was where one of them cannot be loaded', async () => {
    const packed = (await packModules(['rxjs'], import.meta.url))!;
    const last = packed.modules.find(({ file }) => file === packed.entries[0])!;
    const broken = { ...last, code: `${last.code}\nthrow new Error('on purpose')`, compiled: new Uint8Array(0) };
    const modules = packed.modules.map((module) => (module === last ? broken : module));
    expect(await unpackedIn({ ...packed, modules })).toMatchObject({ unpacked: 0, sum: 10, isOne: true });
  }, 60_000);

  it('are compiled anew where V8 does not take what main compiled', async () => {
    const packed = (await packModules(['rxjs'], import.meta.url))!;
    const modules = packed.modules.map((module) => ({ ...module, compiled: new Uint8Array(16) }));
    expect(await unpackedIn({ ...packed, modules })).toMatchObject({ sum: 10, isUnpacked: true });
  }, 60_000);

  it('are those of other packages where one is linked to a folder of its own (P13)', async () => {
    const home = await realpath(folder);
    const inner = path.join(home, 'app/node_modules/inner/index.js');
    for (const file of [inner, path.join(home, 'linked/index.js')]) {
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, 'exports.one = 1;');
    }
    await symlink(path.join(home, 'linked'), path.join(home, 'app/node_modules/linked'), 'junction');
    const from = path.join(home, 'app/index.js');
    for (const name of ['inner', 'linked']) createRequire(from)(name);
    const packed = (await packModules(['inner', 'linked'], from))!;
    expect(packed.entries).toEqual([inner]);
    expect(packed.modules.map(({ file }) => file)).toEqual([inner]);
  });

  it('are none of a package that is not installed, not loaded, or made of ES modules', async () => {
    expect(await packModules(['no-such-package', 'piscina', '@nestjs/common'], import.meta.url)).toBeNull();
  });
});

describe('the compile cache', () => {
  const told = async (directory: string, env = {}) => {
    const script = fileURLToPath(fixture('cached-pool'));
    const { stdout } = await run(process.execPath, [script, directory], { env: { ...process.env, ...env } });
    return JSON.parse(stdout) as { main: string | null; worker: string | null; files: number };
  };
  const hasCache = Number(process.versions.node.split('.')[0]) >= 22;

  it('is off in workers where it is off in main', async () => {
    expect(await told('')).toEqual({ main: null, worker: null, files: 0 });
  }, 60_000);

  it.skipIf(!hasCache)(
    'of main is that of its workers, which write what is new before they leave',
    async () => {
      const own = await told(path.join(folder, 'own'));
      expect(own.worker).toBe(own.main);
      expect(own.files).toBeGreaterThan(0);
      const given = await told('', { NODE_COMPILE_CACHE: path.join(folder, 'given') });
      expect(given.worker).toBe(given.main);
      expect(given.main).toContain(path.join(folder, 'given'));
    },
    60_000,
  );
});
