import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createPool, PoolConfigError, type Pool, type PoolOptions } from '../../../lib/entries/core.js';
import { checkPlannedFiles, checkPlannedModule } from '../../../lib/nest/check-plan.js';
import { folderOf } from '../../support/folder.js';
import { failure } from '../nest/support.js';

const isTypeStripping = Boolean((process.features as { typescript?: unknown }).typescript);

/** A pool of one thread whose functions are these sources; `@swc/core` is found from the working directory. */
function poolOf(files: Readonly<Record<string, string>>, tasks = 'tasks.ts', options: Partial<PoolOptions> = {}): Pool {
  const file = pathToFileURL(path.join(folderOf(files), tasks));
  const pool = createPool({ name: 'sources', tasks: file, size: { max: 1 }, scaling: false, ...options });
  onTestFinished(() => pool.close({ force: true }));
  return pool;
}

/** As in a project that has not installed it. */
function withoutSwc(folder: string): void {
  vi.spyOn(process, 'cwd').mockReturnValue(folder);
}

describe.each([
  ['module', '.js'],
  ['commonjs', ''],
])('functions in TypeScript (%s)', (type, end) => {
  const project = { 'package.json': JSON.stringify({ type }) };

  test('may use enums, parameter properties, namespaces and other sources', async () => {
    const pool = poolOf({
      ...project,
      'tasks.ts': `
        import { Kind, Box } from './lib/kinds${end}';
        namespace Inner { export const one = 1; }
        export function total(of: number[]): number { return of.reduce((a, b) => a + b, Inner.one); }
        export const kind = (): Kind => new Box(Kind.Large).kind;`,
      'lib/kinds.ts': `
        export enum Kind { Small = 'small', Large = 'large' }
        export class Box { constructor(readonly kind: Kind) {} }`,
    });
    expect(await pool.run('total', [[1, 2]])).toBe(4);
    expect(await pool.run('kind')).toBe('large');
  });

  test('tell lines of the source in their stacks', async () => {
    const pool = poolOf({
      ...project,
      'tasks.ts': `
        interface Long { readonly a: string; readonly b: string }
        export async function fail(given?: Long): Promise<never> {
          throw new RangeError(\`no \${given}\`);
        }`,
    });
    const error = await failure(pool.run('fail'));
    expect(error).toBeInstanceOf(RangeError);
    expect(error.stack).toMatch(/tasks\.ts:4:\d+/);
  });

  test('are found where the path has signs that mean something in a URL (P13)', async () => {
    const files = {
      'c# 100% ?/package.json': project['package.json'],
      'c# 100% ?/tasks.ts': `import { one } from './one.js'; export const two = (): number => 2 * one;`,
      'c# 100% ?/one.ts': 'export const one: number = 1;',
    };
    expect(await poolOf(files, 'c# 100% ?/tasks.ts').run('two')).toBe(2);
  });

  test('that do not parse are told by their place, with the pool', async () => {
    const error = await failure(poolOf({ ...project, 'tasks.ts': 'export const = 1;' }).ready());
    expect(error.message).toMatch(/pool 'sources': a worker looked for the tasks in file:.*tasks\.ts/);
    expect(error.message).toMatch(/@swc\/core cannot transpile .*tasks\.ts: .*tasks\.ts:1:/s);
  });
});

test('may import JSON as ES modules do (P13)', async () => {
  const pool = poolOf({
    'package.json': '{ "type": "module" }',
    'limits.json': '{ "most": 3 }',
    'tasks.ts': `import limits from './limits.json' with { type: 'json' }; export const most = (): number => limits.most;`,
  });
  expect(await pool.run('most')).toBe(3);
});

test('an import of what is only a type is told as that', async () => {
  const error = await failure(
    poolOf({
      'package.json': '{ "type": "module" }',
      'tsconfig.json': '{ "compilerOptions": { "verbatimModuleSyntax": true } }',
      'tasks.ts': `import { Shape } from './shape.js'; export const one = (shape: Shape) => shape;`,
      'shape.ts': 'export interface Shape { readonly x: number }',
    }).ready(),
  );
  expect(error.message).toMatch(
    /does not provide an export named 'Shape'\. If that is a type, import it with import type/,
  );
});

test('an alias that no tsconfig.json has is told as that', async () => {
  const files = {
    'package.json': '{ "type": "module" }',
    'tasks.ts': `import '@none/such'; export const one = () => 1;`,
  };
  const error = await failure(poolOf(files).ready());
  expect(error.message).toMatch(
    /Cannot find package '@none\/such'.*Aliases of the nearest tsconfig\.json .* reach workers; those of vite/s,
  );
});

test('the compiled name does where only the source is there, and the other way round', async () => {
  const tasks = 'export const one = () => 1;';
  expect(await poolOf({ 'tasks.mts': tasks }, 'tasks.mjs').run('one')).toBe(1);
  expect(await poolOf({ 'tasks.mjs': tasks }, 'tasks.mts').run('one')).toBe(1);
});

describe('without @swc/core', () => {
  test.skipIf(isTypeStripping)('functions in TypeScript are refused by the worker, with the ways out', async () => {
    withoutSwc('/');
    const error = await failure(poolOf({ 'tasks.mts': 'export const one = (): number => 1;' }, 'tasks.mts').ready());
    expect(error.message).toMatch(
      /pool 'sources': .*tasks\.mts, and importing that file failed: Unknown file extension/,
    );
    expect(error.message).toMatch(/npm i -D @swc\/core.*run the compiled code/);
  });

  test.runIf(isTypeStripping)('functions in TypeScript are left to Node.js, which strips types', async () => {
    withoutSwc('/');
    expect(await poolOf({ 'tasks.mts': 'export const one = (): number => 1;' }, 'tasks.mts').run('one')).toBe(1);
  });

  test('a class in TypeScript is refused before any thread starts: pool, class, file, ways out', () => {
    const folder = folderOf({ 'image.service.ts': '@Injectable()\nexport class ImageService {}' });
    withoutSwc(folder);
    const file = pathToFileURL(path.join(folder, 'image.service.ts')).href;
    const plan = {
      pool: 'images',
      pools: ['images'],
      classes: [{ className: 'ImageService', file, isScoped: false, tasks: [] }],
      module: null,
      carriers: [],
      packed: null,
    };
    expect(() => checkPlannedFiles(plan)).toThrow(PoolConfigError);
    expect(() => checkPlannedFiles(plan)).toThrow(
      /^pool 'images': class ImageService is in file:.*image\.service\.ts\. That is TypeScript.* @swc\/core .*npm i -D @swc\/core.*run the compiled code/,
    );
    const module = { file, exportName: null, className: 'ImageModule' };
    expect(() => checkPlannedModule({ ...plan, module })).toThrow(
      /^pool 'images': workerModule is in file:.*npm i -D @swc\/core/,
    );
  });
});

test.skipIf(isTypeStripping)('the calling thread says why it cannot run a task in TypeScript', async () => {
  const tasks = `
    export const one = (): number => 1;
    export const wait = (flag: Int32Array): unknown => Atomics.wait(flag, 0, 0);`;
  const queue = { capacity: 1, overflow: 'caller-runs' } as const;
  const pool = poolOf({ 'tasks.mts': tasks }, 'tasks.mts', { queue });
  const flag = new Int32Array(new SharedArrayBuffer(4));
  await pool.ready();
  const [waiting, queued] = [pool.run('wait', [flag]), pool.run('one')];
  const error = await failure(pool.run('one'));
  expect(error).toBeInstanceOf(PoolConfigError);
  expect(error.message).toMatch(
    /a task was to run on the calling thread, and importing .*tasks\.mts failed there: Unknown/,
  );
  Atomics.store(flag, 0, 1);
  Atomics.notify(flag, 0);
  await waiting;
  expect(await queued).toBe(1);
});
