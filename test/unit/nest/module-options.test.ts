import { Module } from '@nestjs/common';
import { symlinkSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { DynamicPoolModule, PoolConfigError, type DynamicPoolModuleOptions } from '../../../lib/index.js';
import { resolveModuleOptions } from '../../../lib/nest/resolve-module-options.js';

const here = new URL(import.meta.url);

function refusal(options: unknown): Error {
  try {
    DynamicPoolModule.forRoot(options as DynamicPoolModuleOptions);
  } catch (error) {
    if (error instanceof PoolConfigError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

const pool = (options: unknown) => refusal({ pools: { images: options } });

describe('forRoot() refuses, before anything starts', () => {
  test.each<[unknown, string]>([
    [undefined, 'the options of DynamicPoolModule.forRoot() is undefined'],
    [{}, 'pools is undefined, but must be an object'],
    [{ pools: {}, poolz: 1 }, 'forRoot() has no option "poolz". Did you mean \'pools\'?'],
    [{ pools: {}, isGlobal: 'yes' }, 'isGlobal is "yes", but must be true or false'],
    [{ pools: {}, budget: false }, 'budget is false, but must be an object'],
    [{ pools: {}, errors: [Date] }, 'errors[0] is function Date, but must be a class that extends Error'],
    [{ pools: {}, errors: Error }, 'errors is function Error, but must be an array'],
    [{ pools: {}, defaults: { sice: {} } }, 'defaults has no option "sice". Did you mean \'size\'?'],
    [{ pools: { events: {} } }, "pool 'events': this name is reserved"],
    [{ pools: { ui: {} } }, "pool 'ui': this name is reserved"],
    [{ pools: { Events: {} } }, "pool 'Events': this name is reserved"],
    [{ pools: { ['']: {} } }, 'name is ""'],
    [{ pools: { images: null } }, "pool 'images': its options is null"],
  ])('%o', (options, message) => {
    expect(refusal(options).message).toContain(message);
  });

  test.each<[unknown, string]>([
    [{ wokerModule: 1 }, "Did you mean 'workerModule'?"],
    [{ name: 'other' }, 'the pool has no option "name"'],
    [{ size: { max: 0 } }, "pool 'images': size.max is 0, but must be a whole number from 1"],
    [{ size: { min: 5, max: 2 } }, 'size.min is 5, but must be at most size.max, which is 2'],
    [{ kind: 'async' }, 'size.max is required'],
    [{ kind: 'async', size: { max: 1 }, entry: here }, "entry is for kind 'threads'"],
    [{ entry: here, workerModule: { file: here } }, 'entry and workerModule each say where its threads find the code'],
    [{ tasks: here, workerModule: { file: here } }, 'workerModule and tasks each say'],
    [{ entry: new URL('file:///nowhere/entry.js') }, 'entry names "/nowhere/entry.js", and there is no such file'],
    [{ entry: new URL('data:text/javascript,1') }, 'not data: URLs'],
    [{ workerModule: { file: 'https://example.org/w.js' } }, 'not https: URLs'],
    [{ workerModule: { file: here, exports: 'X' } }, 'workerModule has no option "exports". Did you mean \'export\'?'],
    [{ workerModule: { file: here, export: 1 } }, 'workerModule.export is 1'],
    [{ workerModule: 'AppModule' }, 'workerModule is "AppModule"'],
    [{ tasks: './missing.js' }, 'tasks names'],
    [{ roots: '/srv' }, 'roots is "/srv", but must be an array of file: URLs'],
    [{ roots: [new URL('file:///nowhere/')] }, 'roots is "file:///nowhere/", but must be directories that exist'],
    [{ entry: here, roots: [new URL('file:///proc/')] }, 'outside the allowed roots (/proc/)'],
  ])('a pool with %o', (options, message) => {
    expect(pool(options).message).toMatch(/pool 'images'/);
    expect(pool(options).message).toContain(message);
  });

  test('a link that leads out of the allowed roots', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'roots-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const inside = path.join(folder, 'inside.js');
    writeFileSync(inside, '');
    const link = path.join(folder, 'link.js');
    symlinkSync(here, link);
    const roots = [pathToFileURL(`${folder}/`)];
    expect(() =>
      DynamicPoolModule.forRoot({ pools: { images: { entry: pathToFileURL(inside), roots } } }),
    ).not.toThrow();
    expect(pool({ entry: pathToFileURL(link), roots }).message).toContain('outside the allowed roots');
  });

  test('a worker module whose file cannot be told', () => {
    const hidden = new Function('return class Anonymous {}')() as typeof Object;
    expect(pool({ workerModule: hidden }).message).toContain("export: 'Anonymous' }");
  });
});

describe('forRoot() understands', () => {
  test('defaults, which go under the options of each pool, key by key in groups', () => {
    const { pools } = resolveModuleOptions({
      defaults: { size: { min: 2, max: 8 }, taskTimeoutMs: 5_000 },
      pools: { small: { size: { max: 3 } }, patient: { taskTimeoutMs: 60_000 } },
    });
    expect(pools.get('small')!.options).toEqual({ name: 'small', size: { min: 2, max: 3 }, taskTimeoutMs: 5_000 });
    expect(pools.get('patient')!.options).toEqual({ name: 'patient', size: { min: 2, max: 8 }, taskTimeoutMs: 60_000 });
  });

  test('scaling of defaults and pool, key by key; the name of a preset is its policy, and false stands alone', () => {
    const scalingOf = (common: unknown, own: Record<string, unknown>) =>
      resolveModuleOptions({ defaults: { scaling: common } as never, pools: { one: own as never } }).pools.get('one')!
        .options.scaling;
    expect(scalingOf('thrifty', { scaling: { objectiveMs: 50 } })).toEqual({ policy: 'thrifty', objectiveMs: 50 });
    expect(scalingOf({ tickMs: 500 }, { scaling: 'latency' })).toEqual({ tickMs: 500, policy: 'latency' });
    expect(scalingOf('thrifty', { scaling: false })).toBe(false);
    expect(scalingOf(false, { scaling: 'course' })).toBe('course');
    expect(scalingOf(false, { scaling: undefined })).toBe(false);
  });

  test('names such as constructor and __proto__ as what they are: names', () => {
    const pools = Object.fromEntries([
      ['constructor', {}],
      ['__proto__', {}],
    ]);
    expect([...resolveModuleOptions({ pools }).pools.keys()]).toEqual(['constructor', '__proto__']);
  });

  test('where the code is: the classes, a tasks module, an entry, a module', () => {
    @Module({})
    class WorkerModule {}
    const { pools } = resolveModuleOptions({
      pools: {
        classes: {},
        plain: { tasks: here },
        own: { entry: here },
        file: { workerModule: { file: here, export: 'X' } },
        type: { workerModule: WorkerModule },
      },
    });
    expect([...pools.values()].map(({ code }) => code)).toEqual([
      { from: 'files' },
      { from: 'tasks' },
      { from: 'entry', file: here },
      { from: 'module', file: here, exportName: 'X', className: null },
      { from: 'module', file: here, exportName: null, className: 'WorkerModule' },
    ]);
  });
});
