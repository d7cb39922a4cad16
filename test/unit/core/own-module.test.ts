import { readFileSync } from 'node:fs';
import { runInThisContext } from 'node:vm';
import { expect, test, vi } from 'vitest';
import { ownModule } from '../../../lib/core/own-module.js';

type OwnModule = typeof ownModule;

/** What a tool makes of the module that turns ES modules into CommonJS, with a `require` of its own. */
function asCommonJs(require: (file: string) => unknown): OwnModule {
  const source = readFileSync(new URL('../../../lib/core/own-module.js', import.meta.url), 'utf8');
  const code = source.replace('export async function', 'async function').replace(/^\/\/# sourceMappingURL.*$/m, '');
  const wrap = runInThisContext(`(function (module) { ${code}\nreturn ownModule; })`) as (module: object) => OwnModule;
  return wrap({ require });
}

test('a part is imported where modules are ES modules', async () => {
  expect(await ownModule('none', async () => 'imported')).toBe('imported');
});

test('in a copy of the library that is CommonJS a part is required, so that it is of the same copy', async () => {
  const require = vi.fn<(file: string) => unknown>(() => 'required');
  const load = vi.fn<() => Promise<unknown>>();
  expect(await asCommonJs(require)('build-runtime-module', load)).toBe('required');
  expect(require).toHaveBeenCalledWith('./build-runtime-module.js');
  expect(load).not.toHaveBeenCalled();
});

test('in a bundle, where there is no such file, it is imported', async () => {
  const lost = Object.assign(new Error('lost'), { code: 'MODULE_NOT_FOUND' });
  const copy = asCommonJs(() => {
    throw lost;
  });
  expect(await copy('none', async () => 'imported')).toBe('imported');
});

test('what is wrong with a part is told', async () => {
  const copy = asCommonJs(() => {
    throw new SyntaxError('broken');
  });
  await expect(copy('none', async () => 'imported')).rejects.toThrow('broken');
});
