import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { meant, retried } from '../../../../lib/engines/typescript/esm-modules.js';
import { resolveSource } from '../../../../lib/engines/typescript/resolve-source.js';
import { folderOf } from '../../../support/folder.js';

const files = {
  'tsconfig.json': '{ "compilerOptions": { "paths": { "@words/*": ["./src/words/*"] } } }',
  'src/main.ts': '',
  'src/both.ts': '',
  'src/both.js': '',
  'src/only.js': '',
  'src/view.tsx': '',
  'src/m.mts': '',
  'src/c.cts': '',
  'src/users.service.ts': '',
  'src/words/index.ts': '',
  'src/words/long.ts': '',
  'src/a b.ts': '',
  'src/data.json': '',
};

describe('what an import in a source file means', () => {
  test.each([
    ['./both.js', 'src/both.ts'],
    ['./both', 'src/both.ts'],
    ['./only.js', 'src/only.js'],
    ['./only', 'src/only.js'],
    ['./view.js', 'src/view.tsx'],
    ['./m.mjs', 'src/m.mts'],
    ['./c.cjs', 'src/c.cts'],
    ['./users.service', 'src/users.service.ts'],
    ['./words', 'src/words/index.ts'],
    ['./words/', 'src/words/index.ts'],
    ['./words/index.js', 'src/words/index.ts'],
    ['.', null],
    ['./words/..', null],
    ['./data.json', 'src/data.json'],
    ['@words/long', 'src/words/long.ts'],
    ['@words/none', null],
    ['./none.js', null],
    ['@nestjs/common', null],
    ['node:fs', null],
    ['#inner', null],
  ])('%s is %s', (specifier, expected) => {
    const folder = folderOf(files);
    const found = resolveSource(specifier, path.join(folder, 'src/main.ts'));
    expect(found).toBe(expected && path.join(folder, expected));
  });

  test('URLs keep their query, and only imports of sources are looked at', () => {
    const folder = folderOf(files);
    const url = (name: string) => pathToFileURL(path.join(folder, name)).href;
    expect(meant('./a%20b.js?v=1', url('src/main.ts'))).toBe(`${url('src/a b.ts')}?v=1`);
    expect(meant(url('src/both.js'), url('src/main.ts'))).toBe(url('src/both.ts'));
    expect(meant('./both.js', url('src/only.js'))).toBeNull();
    expect(meant('./both.js', undefined)).toBeNull();
    expect(meant('data:text/javascript,', url('src/main.ts'))).toBeNull();
  });

  test('a compiled file that package.json names and that is not there stands for its source', () => {
    const folder = folderOf(files);
    const url = (name: string) => pathToFileURL(path.join(folder, name)).href;
    const lost = (name: string) => Object.assign(new Error('lost'), { code: 'ERR_MODULE_NOT_FOUND', url: url(name) });
    expect(retried(lost('src/view.js'), url('src/main.ts'))).toBe(url('src/view.tsx'));
    expect(() => retried(lost('src/none.js'), url('src/main.ts'))).toThrow('lost');
    expect(() => retried(lost('src/view.js'), url('src/only.js'))).toThrow('lost');
    expect(() => retried(new Error('other'), url('src/main.ts'))).toThrow('other');
  });
});
