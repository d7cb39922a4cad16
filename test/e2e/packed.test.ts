import { execFile, fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { installPackages, packLibrary } from '../support/packed-library.js';

const run = promisify(execFile);
const root = process.cwd();
const OPERATOR = 'the-token-of-an-operator-of-the-packed-application';
const VIEWER = 'the-token-of-a-viewer-of-the-packed-application';
const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
const types = path.join(root, 'node_modules/@types');
/** Peers that are needed by those only who import the entry, or give the option, that is for them. */
const OPTIONAL_PEERS =
  /node_modules\/(@willsoto|prom-client|@nestjs\/(terminus|swagger|platform-)|opossum|nestjs-cls|@opentelemetry)/;
let home: string;
let tarball: string;

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'packed-'));
  tarball = await packLibrary(root, home);
});

afterAll(() => rm(home, { recursive: true, force: true }));

/** Copies an application out of the repository, installs the tarball into it, and compiles it with its own types. */
async function install(name: string): Promise<string> {
  const app = path.join(home, name);
  await cp(path.join(root, 'test/e2e/apps', name), app, { recursive: true });
  await installPackages(app, [tarball]);
  await symlink(path.join(root, 'node_modules/@types'), path.join(app, 'node_modules/@types')).catch(() => undefined);
  await run(process.execPath, [tsc, '-p', app, '--typeRoots', types]).catch((error: { stdout: string }) => {
    throw new Error(error.stdout);
  });
  return app;
}

/** Once for all tests. */
const apps = new Map<string, Promise<string>>();
function installed(name: string): Promise<string> {
  return apps.get(name) ?? apps.set(name, install(name)).get(name)!;
}

async function start(app: string, env: NodeJS.ProcessEnv = {}): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(path.join(app, 'dist/main.js'), {
    cwd: app,
    env: { ...process.env, POOL_OPERATOR_TOKEN: OPERATOR, POOL_VIEWER_TOKEN: VIEWER, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [message] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => Promise.reject(new Error('the application exited before it listened'))),
  ])) as [{ url: string }];
  return { child, url: message.url };
}

async function stop(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  expect([0, null]).toContain((await exit)[0]);
}

const as = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
const get = async (url: string, init: RequestInit = {}) => {
  const answer = await fetch(url, init);
  return { status: answer.status, body: await answer.text() };
};

/** The binary, as whoever is on call has it in the folder of the application. */
const dynamicPool = (app: string, url: string, ...args: readonly string[]) =>
  run(path.join(app, 'node_modules/.bin/dynamic-pool'), args, {
    env: { ...process.env, DYNAMIC_POOL_URL: url, DYNAMIC_POOL_TOKEN: OPERATOR },
  });

describe.each([
  {
    what: 'a fresh Nest 12 application (ES modules, no @nestjs/swagger)',
    name: 'nest12-esm',
    adapters: ['express', 'fastify'],
    documented: false,
  },
  {
    what: 'a fresh Nest 11 application (CommonJS, @nestjs/swagger)',
    name: 'nest11-cjs',
    adapters: ['express'],
    documented: true,
  },
])('the packed tarball in $what', ({ name, adapters, documented }) => {
  let app: string;

  beforeAll(async () => {
    app = await installed(name);
  }, 180_000);

  it('brings the test kit, with the classes of the root entry (U8)', async () => {
    const child = fork(path.join(app, 'dist/test-kit.js'), {
      cwd: app,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const exit = once(child, 'exit');
    const [told] = await Promise.race([once(child, 'message'), exit]);
    expect(told).toEqual({ rendered: 'Sunset, rendered', isOfRootEntry: true });
    expect(await exit).toEqual([0, null]);
  }, 60_000);

  it('tells editors the schema of the configuration file (A5)', async () => {
    const schema = createRequire(path.join(app, 'package.json')).resolve('nestjs-dynamic-pool/config.schema.json');
    expect(JSON.parse(await readFile(schema, 'utf8'))).toMatchObject({ properties: { pools: {}, budget: {} } });
    const file = path.join(app, 'config/pools.yaml');
    const [, named] = /\$schema=(\S+)/.exec(await readFile(file, 'utf8'))!;
    expect(await realpath(path.resolve(path.dirname(file), named!))).toBe(await realpath(schema));
  });

  describe.each(adapters)('on %s', (adapter) => {
    let child: ChildProcess;
    let url: string;

    beforeAll(async () => {
      ({ child, url } = await start(app, { PLATFORM: adapter }));
    }, 60_000);

    afterAll(() => stop(child), 60_000);

    it('runs a decorated method with its dependencies on a thread, and brings an HttpException back (U1, U4, U7)', async () => {
      const ok = await get(`${url}/primes?below=1000`);
      const body = JSON.parse(ok.body) as { primes: number; threadId: number; mainThreadId: number };
      expect(body.primes).toBe(168);
      expect(body.threadId).not.toBe(body.mainThreadId);

      const refused = await get(`${url}/primes?below=10000001`);
      expect(refused.status).toBe(400);
      expect(JSON.parse(refused.body)).toEqual({ message: 'too large', largest: 10_000_000 });
    });

    it('has its metrics at /metrics, and a configuration file in effect (O1)', async () => {
      const { status, body } = await get(`${url}/metrics`);
      expect(status).toBe(200);
      expect(body).toMatch(/^pool_size\{pool="primes"\} [1-3]$/m);
      expect(body).toMatch(/^pool_max\{pool="primes"\} 3$/m); // 2 in code, 3 in config/pools.yaml
    });

    it.each(['ready', 'live', 'pools'])('is healthy by Terminus: %s (O3)', async (kind) => {
      const { status, body } = await get(`${url}/health/${kind}`);
      expect({ status, body }).toEqual({ status: 200, body: expect.stringContaining('"status":"ok"') });
    });

    it('resizes by POST /pool/manual with the token of an operator, and not without (A4)', async () => {
      const manual = `${url}/pool/manual?size=2`;
      expect(await get(manual, { method: 'POST' })).toMatchObject({ status: 401 });
      expect(await get(manual, { method: 'POST', ...as(VIEWER) })).toMatchObject({ status: 403 });
      expect(await get(`${url}/pool/manual?size=4`, { method: 'POST', ...as(OPERATOR) })).toMatchObject({
        status: 422,
      });
      const { status, body } = await get(manual, { method: 'POST', ...as(OPERATOR) });
      expect(status).toBe(200);
      expect(JSON.parse(body)).toMatchObject({ name: 'primes', target: 2, override: { size: 2 } });
      expect((await get(`${url}/pools/primes`, as(VIEWER))).status).toBe(200);
      expect(await get(`${url}/pools/primes/override`, { method: 'DELETE', ...as(OPERATOR) })).toMatchObject({
        status: 200,
      });
    });

    it('serves the page with its script and style (O4)', async () => {
      const page = await get(`${url}/pools/ui`);
      expect(page.status).toBe(200);
      const files = [...page.body.matchAll(/(?:src|href)="(ui\/[^"]+)"/g)].map(([, file]) => file!);
      expect(files.toSorted()).toEqual(['ui/app.css', 'ui/app.js']);
      for (const file of files) expect((await get(`${url}/pools/${file}`)).status).toBe(200);
    });

    it('is watched and steered by the binary (O4)', async () => {
      const { stdout } = await dynamicPool(app, url, 'scale', 'primes', '3', '--for', '10m', '--reason', 'packed');
      expect(stdout).toMatch(/^primes: pinned to 3 by .*: packed\.$/m);
      expect((await dynamicPool(app, url, 'explain', 'primes')).stdout).toContain('Reason: packed.');
      expect((await dynamicPool(app, url, 'top', '--once')).stdout).toMatch(/^primes +open +up .* 3\/3\*/m);
      await dynamicPool(app, url, 'auto', 'primes');
      await expect(dynamicPool(app, url, 'describe', 'nope')).rejects.toMatchObject({ code: 3 });
    });

    it(`${documented ? 'describes' : 'does without'} OpenAPI (A4)`, async () => {
      const { status, body } = await get(`${url}/docs-json`);
      if (documented) expect(Object.keys(JSON.parse(body).paths)).toContain('/pools/{name}/override');
      else expect(status).toBe(404);
    });

    it('takes an edit of its file, and keeps an override over a restart (A4, A5)', async () => {
      const file = path.join(app, 'config/pools.yaml');
      const before = await readFile(file, 'utf8');
      await writeFile(`${file}.new`, 'pools:\n  primes:\n    size: { max: 4 }\n');
      await rename(`${file}.new`, file);
      await vi.waitFor(
        async () => expect(JSON.parse((await get(`${url}/pools/primes`, as(VIEWER))).body)).toMatchObject({ max: 4 }),
        { timeout: 30_000, interval: 50 },
      );
      await dynamicPool(app, url, 'scale', 'primes', '4', '--reason', 'kept');
      await stop(child);
      ({ child, url } = await start(app, { PLATFORM: adapter }));
      expect((await dynamicPool(app, url, 'ls')).stdout).toMatch(/^primes +open +4 +4 +1-4 .* pinned to 4/m);
      await dynamicPool(app, url, 'auto', 'primes');
      await writeFile(file, before);
    }, 60_000);
  });
});

describe('the packed tarball in a Nest 11 application (CommonJS)', () => {
  it('registers pools by forRootAsync() and forFeature(), and classes by remote() (U1, U7)', async () => {
    const app = await installed('nest11-cjs');
    const child = fork(path.join(app, 'dist/registration.js'), {
      cwd: app,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const exit = once(child, 'exit');
    const [told] = await Promise.race([once(child, 'message'), exit]);
    expect(await exit).toEqual([0, null]);
    expect(told).toEqual({
      sum: 103,
      primes: 168,
      isElsewhere: true,
      max: 2,
      injected: 'sums',
      refusal: expect.stringMatching(/^PoolError: pool 'sums': SumService\.here was called on the main thread/),
    });
  }, 240_000);
});

describe('the types of the packed tarball', () => {
  it('are found by a TypeScript that does not look at exports, as in many a CommonJS application (U1)', async () => {
    const app = await installed('nest11-cjs');
    const classic = path.join(app, 'tsconfig.classic.json');
    const done = run(process.execPath, [tsc, '-p', classic, '--typeRoots', types]);
    expect(await done.catch((error: { stdout: string }) => error)).toMatchObject({ stdout: '' });
  }, 180_000);

  it('are told of every entry in that way (U1)', async () => {
    const { exports, typesVersions } = JSON.parse(await readFile('package.json', 'utf8')) as {
      exports: Record<string, string | { types: string }>;
      typesVersions: Record<'*', Record<string, string[]>>;
    };
    const entries = Object.entries(exports).flatMap(([name, entry]) =>
      name === '.' || typeof entry === 'string' ? [] : [[name.slice(2), [entry.types]]],
    );
    expect(typesVersions['*']).toEqual(Object.fromEntries(entries));
  });
});

describe('the root entry of the packed tarball, alone', () => {
  let app: string;

  beforeAll(async () => {
    app = await installed('nest12-esm');
  }, 180_000);

  /** Runs a file of the application where no optional peer, YAML or JSON schema is installed, and gives what it tells. */
  async function withoutOptionalPackages(file: string): Promise<unknown> {
    const refuse = path.join(app, 'dist/refuse-optional-packages.js');
    const child = fork(path.join(app, 'dist', file), {
      cwd: app,
      execArgv: ['--import', pathToFileURL(refuse).href],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const exit = once(child, 'exit');
    const [told] = await Promise.race([once(child, 'message'), exit]);
    expect(await exit).toEqual([0, null]);
    return told;
  }

  it('starts without any optional peer, YAML or JSON schema (U1)', async () => {
    expect(await withoutOptionalPackages('plain.js')).toEqual({ primes: 168 });
  }, 60_000);

  it('says which packages the metrics need, where they are not installed (O1)', async () => {
    const told = await withoutOptionalPackages('metrics-without-peers.js');
    expect(told).toMatchObject({
      refusal: expect.stringMatching(/^PoolConfigError: .*Run: npm install @willsoto\/nestjs-prometheus prom-client\./),
    });
  }, 60_000);

  it('names no optional peer in the types of the root entry (U1)', async () => {
    const { stdout } = await run(
      process.execPath,
      [tsc, '-p', path.join(app, 'tsconfig.plain.json'), '--typeRoots', types, '--listFilesOnly'],
      { cwd: app, maxBuffer: 16 * 1024 * 1024 },
    );
    const files = stdout.split('\n');
    expect(files).toContainEqual(expect.stringContaining('nestjs-dynamic-pool/dist/lib/index.d.ts'));
    expect(files.filter((file) => OPTIONAL_PEERS.test(file))).toEqual([]);
  }, 60_000);
});
