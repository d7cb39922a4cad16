import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { aliased } from '../../../../lib/engines/typescript/aliases.js';
import { moduleKind } from '../../../../lib/engines/typescript/module-kind.js';
import { projectOf } from '../../../../lib/engines/typescript/ts-project.js';
import { folderOf } from '../../../support/folder.js';

describe('the project of a source file', () => {
  test('is the nearest tsconfig.json, with what it extends: a path, several, a package', () => {
    const folder = folderOf({
      'tsconfig.base.json': '{ "compilerOptions": { "strict": true, "target": "ES2020", "jsx": "react" } }',
      'tsconfig.more.json': '{ "compilerOptions": { "target": "ES2021" } }',
      'app/tsconfig.json':
        '{ "extends": ["../tsconfig.base", "../tsconfig.more.json"], "compilerOptions": { "jsx": "react-jsx" } }',
      'lib/tsconfig.json': '{ "extends": "@acme/tsconfig" }',
      'node_modules/@acme/tsconfig/package.json': '{ "name": "@acme/tsconfig" }',
      'node_modules/@acme/tsconfig/tsconfig.json': '{ "compilerOptions": { "esModuleInterop": true } }',
    });
    expect(projectOf(path.join(folder, 'app/src/deep/a.ts')).options).toEqual({
      strict: true,
      target: 'ES2021',
      jsx: 'react-jsx',
    });
    expect(projectOf(path.join(folder, 'lib/a.ts')).options).toEqual({ esModuleInterop: true });
  });

  test('a file that extends itself ends, and one that is not there is named', () => {
    const folder = folderOf({
      'a/tsconfig.json': '{ "extends": "./tsconfig.json", "compilerOptions": { "strict": true } }',
      'b/tsconfig.json': '{ "extends": "@acme/nowhere" }',
    });
    expect(projectOf(path.join(folder, 'a/x.ts')).options).toEqual({ strict: true });
    expect(() => projectOf(path.join(folder, 'b/x.ts'))).toThrow(
      /tsconfig\.json extends @acme\/nowhere, which cannot be found/,
    );
  });

  test('paths start from the file that has them, or from its baseUrl', () => {
    const folder = folderOf({
      'tsconfig.base.json': '{ "compilerOptions": { "paths": { "@lib/*": ["libs/*/src"] } } }',
      'app/tsconfig.json': '{ "extends": "../tsconfig.base.json" }',
      'web/tsconfig.json':
        '{ "compilerOptions": { "baseUrl": "./src", "paths": { "@/*": ["*"], "@/exact": ["one"] } } }',
    });
    expect(aliased('@lib/words', projectOf(path.join(folder, 'app/a.ts')))).toEqual([
      path.join(folder, 'libs/words/src'),
    ]);
    const web = projectOf(path.join(folder, 'web/a.ts'));
    expect(aliased('@/x/y', web)).toEqual([path.join(folder, 'web/src/x/y'), path.join(folder, 'web/src/@/x/y')]);
    expect(aliased('@/exact', web)[0]).toBe(path.join(folder, 'web/src/one'));
    expect(aliased('users/users.service', web)).toEqual([path.join(folder, 'web/src/users/users.service')]);
  });

  test('${configDir} is the folder of the file that extends, not of the one that names it (P13)', () => {
    const base = { compilerOptions: { baseUrl: '${configDir}/src', paths: { '@/*': ['${configDir}/lib/*'] } } };
    const folder = folderOf({
      'shared/base.json': JSON.stringify(base),
      'shared/more.json': '{ "extends": "./base.json" }',
      'app/tsconfig.json': '{ "extends": "../shared/more.json" }',
    });
    const project = projectOf(path.join(folder, 'app/src/a.ts'));
    expect(aliased('@/x', project)[0]).toBe(path.join(folder, 'app/lib/x'));
    expect(project.baseUrl).toBe(path.join(folder, 'app/src'));
  });

  test.each([
    ['@a/b/c', '@a/b/*', 'c'],
    ['@a/x', '@a/*', 'x'],
    ['pre-mid-post', 'pre-*-post', 'mid'],
    ['other', '*', 'other'],
  ])('of the patterns, %s fits %s best', (specifier, pattern, rest) => {
    const aliases = { '*': ['0/*'], '@a/*': ['1/*'], '@a/b/*': ['2/*'], 'pre-*-post': ['3/*'] };
    const project = { file: null, options: {}, baseUrl: null, aliases, aliasesFrom: '/root' };
    const target = aliases[pattern as keyof typeof aliases][0]!.replace('*', rest);
    expect(aliased(specifier, project)).toEqual([path.resolve('/root', target)]);
  });
});

describe('the kind of a module', () => {
  test('follows the name, then the nearest package.json', () => {
    const folder = folderOf({ 'package.json': '{ "type": "module" }', 'old/package.json': '{}' });
    const kinds = ['a.ts', 'a.cts', 'old/a.ts', 'old/a.mts', 'old/deep/a.tsx'].map((name) =>
      moduleKind(path.join(folder, name)),
    );
    expect(kinds).toEqual(['module', 'commonjs', 'commonjs', 'module', 'commonjs']);
  });
});

test('the project that a runner was told of comes before the nearest', async () => {
  const folder = folderOf({ 'tsconfig.json': '{}', 'other.json': '{ "compilerOptions": { "jsx": "preserve" } }' });
  vi.stubEnv('TS_NODE_PROJECT', path.join(folder, 'other.json'));
  vi.resetModules();
  const fresh = (await import(
    '../../../../lib/engines/typescript/ts-project.js?told' as string
  )) as typeof import('../../../../lib/engines/typescript/ts-project.js');
  expect(fresh.projectOf(path.join(folder, 'a.ts')).options).toEqual({ jsx: 'preserve' });
  vi.unstubAllEnvs();
});
