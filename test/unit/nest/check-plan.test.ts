import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { PoolConfigError } from '../../../lib/core/errors.js';
import { checkPlannedFiles } from '../../../lib/nest/check-plan.js';

const WEBPACK = 'var __webpack_modules__ = {};\n';
const script = process.argv[1]!;
let home: string;

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'check-plan-'));
});

afterEach(() => {
  process.argv[1] = script;
});

afterAll(() => rm(home, { recursive: true, force: true }));

/** What is said of a class X in a file with this text. */
async function refusalOf(source: string, { isMain = false } = {}): Promise<PoolConfigError | null> {
  const file = path.join(home, 'main.js');
  await writeFile(file, source);
  if (isMain) process.argv[1] = file;
  const classes = [
    { className: 'X', file: pathToFileURL(file).href, isScoped: false, tasks: [{ name: 'X.run', method: 'run' }] },
  ];
  try {
    checkPlannedFiles({ pool: 'main', pools: ['main'], classes, carriers: [], module: null });
    return null;
  } catch (error) {
    return error as PoolConfigError;
  }
}

describe('a class in a bundle is refused, and an entry is named as the way out (U7)', () => {
  test.each([
    ['of webpack, where its part exports it', `${WEBPACK}class X {}\nexports.X = X;`, false],
    ['of webpack that asks whether it is in a thread', `${WEBPACK}class X {}\nexports.X = X; isMainThread;`, true],
    ['of esbuild, where nothing is exported', 'var __toESM = (mod) => 1;\nclass X {}', false],
    ['of esbuild that is the program', 'var __toESM = (mod) => 1;\nclass X {}\nexport { X };', true],
  ])('%s', async (_, source, isMain) => {
    const refusal = await refusalOf(source, { isMain });
    expect(refusal).toBeInstanceOf(PoolConfigError);
    expect(refusal!.message).toMatch(
      /^pool 'main': class X is in the bundle file:.*main\.js.* Name an entry: set entry of the pool to .*runPoolWorker\(\[SomeModule\]\) of 'nestjs-dynamic-pool\/worker'\.$/,
    );
  });

  test('a minified program may be one', async () => {
    const refusal = await refusalOf('class X{}export{X as a};', { isMain: true });
    expect(refusal!.message).toMatch(
      /the file this process was started with;.* Move X to a file of its own; or, if that file is a bundle, name an entry: /,
    );
  });
});

describe('a class that workers can load from its file is not', () => {
  test.each([
    ['from its own file', 'export class X {}'],
    ['from a part that several bundles of esbuild share', 'var __toESM = (mod) => 1;\nclass X {}\nexport { X };'],
    [
      'from a library that webpack has made',
      `${WEBPACK}class X {}\nexports.X = X;\nmodule.exports = __webpack_exports__;`,
    ],
  ])('%s', async (_, source) => {
    expect(await refusalOf(source)).toBeNull();
  });

  test('without a bundle, a class that is not exported is told as before', async () => {
    expect((await refusalOf('class X {}'))!.message).toContain('Write export class X');
  });
});
