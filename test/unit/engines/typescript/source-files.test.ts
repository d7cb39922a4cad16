import { describe, expect, test } from 'vitest';
import { compiledName, isTypeScript, sourcesOf } from '../../../../lib/engines/typescript/source-files.js';

describe('names of files', () => {
  test.each(['a.ts', '/x/a.tsx', 'file:///x/a.mts', 'file:///x/a.cts?v=1', 'file:///a.ts#top', '/c#/a.ts'])(
    '%s is TypeScript',
    (name) => {
      expect(isTypeScript(name)).toBe(true);
    },
  );

  test.each(['a.js', 'a.ts.js', 'tsx', 'file:///x.ts/a.mjs', 'a.mtsx', 'file:///a.json?x.ts'])('%s is not', (name) => {
    expect(isTypeScript(name)).toBe(false);
  });

  test.each([
    ['a.service.js', ['a.service.ts', 'a.service.tsx']],
    ['a.jsx', ['a.tsx']],
    ['a.mjs', ['a.mts']],
    ['a.cjs', ['a.cts']],
    ['a.ts', []],
    ['a', []],
  ])('%s may have been %j', (name, sources) => {
    expect(sourcesOf(name)).toEqual(sources);
  });

  test.each([
    ['a.ts', 'a.js'],
    ['a.tsx', 'a.js'],
    ['a.mts', 'a.mjs'],
    ['a.cts', 'a.cjs'],
    ['a.d.ts', null],
    ['a.js', null],
  ])('%s becomes %s', (name, compiled) => {
    expect(compiledName(name)).toBe(compiled);
  });
});
