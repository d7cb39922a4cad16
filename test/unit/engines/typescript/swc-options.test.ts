import { describe, expect, test } from 'vitest';
import { swcOptions, type TranspileRequest } from '../../../../lib/engines/typescript/swc-options.js';

const request: TranspileRequest = {
  file: '/app/a.ts',
  kind: 'module',
  compilerOptions: {},
  swcrc: null,
  typescriptMajor: 6,
};
const optionsFor = (change: Partial<TranspileRequest>) =>
  swcOptions({ ...request, ...change }) as {
    jsc: { target: string; parser: { tsx: boolean }; transform: Record<string, unknown>; [key: string]: unknown };
    module: Record<string, unknown>;
    [key: string]: unknown;
  };

describe('options of @swc/core', () => {
  test('decorators are legacy ones, with metadata, and there is a source map', () => {
    const { jsc, sourceMaps, swcrc, module } = optionsFor({});
    expect(jsc.transform).toMatchObject({ legacyDecorator: true, decoratorMetadata: true });
    expect({ sourceMaps, swcrc, module }).toEqual({ sourceMaps: 'inline', swcrc: false, module: { type: 'es6' } });
  });

  test.each([
    [{ target: 'ES2021' }, 6, false],
    [{ target: 'es2022' }, 5, true],
    [{ target: 'ESNext' }, 5, true],
    [{ target: 'ES2021', useDefineForClassFields: true }, 6, true],
    [{ target: 'ES2023', useDefineForClassFields: false }, 6, false],
    [{}, 5, false],
    [{}, 6, true],
    [{ module: 'NodeNext' }, 5, true],
  ])('class fields under %j and TypeScript %i are defined: %s', (compilerOptions, typescriptMajor, defined) => {
    expect(optionsFor({ compilerOptions, typescriptMajor }).jsc.transform.useDefineForClassFields).toBe(defined);
  });

  test.each([
    [{}, 5, true],
    [{}, 6, false],
    [{ esModuleInterop: false }, 6, true],
    [{ esModuleInterop: true }, 5, false],
    [{ module: 'node16' }, 5, false],
  ])('CommonJS under %j and TypeScript %i goes without interop: %s', (compilerOptions, typescriptMajor, noInterop) => {
    const { module } = optionsFor({ kind: 'commonjs', compilerOptions, typescriptMajor });
    expect(module).toEqual({ type: 'commonjs', noInterop });
  });

  test('JSX is as the project has it, in files that may have it', () => {
    const { jsc } = optionsFor({
      file: '/app/a.tsx',
      compilerOptions: { jsx: 'react-jsx', jsxImportSource: 'preact' },
    });
    expect(jsc.parser.tsx).toBe(true);
    expect(jsc.transform.react).toEqual({ runtime: 'automatic', importSource: 'preact' });
    const classic = optionsFor({ compilerOptions: { jsx: 'react', jsxFactory: 'h', jsxFragmentFactory: 'Fragment' } });
    expect(classic.jsc.parser.tsx).toBe(false);
    expect(classic.jsc.transform.react).toEqual({ runtime: 'classic', pragma: 'h', pragmaFrag: 'Fragment' });
  });

  test('.swcrc comes over the compiler options, and not over what a worker needs', () => {
    const settings = {
      minify: true,
      sourceMaps: false,
      exclude: ['.*'],
      jsc: {
        target: 'es5',
        minify: { mangle: true },
        paths: { '@/*': ['./*'] },
        externalHelpers: true,
        experimental: { plugins: [['some-plugin', {}]], keepImportAttributes: false },
        parser: { syntax: 'ecmascript' },
        transform: { decoratorMetadata: false, useDefineForClassFields: false, decoratorVersion: '2022-03' },
      },
      module: { type: 'umd', lazy: true },
    };
    const made = optionsFor({ kind: 'commonjs', swcrc: { folder: '/app', settings } });
    expect(made).toMatchObject({ cwd: '/app', sourceMaps: 'inline', module: { type: 'commonjs', lazy: true } });
    expect(made.jsc).toMatchObject({
      target: 'es2022',
      externalHelpers: true,
      experimental: { plugins: [['some-plugin', {}]], keepImportAssertions: true },
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    });
    expect(made.jsc.experimental).not.toHaveProperty('keepImportAttributes');
    expect(made.jsc.transform.decoratorVersion).toBeUndefined();
    for (const key of ['minify', 'exclude']) expect(made).not.toHaveProperty(key);
    for (const key of ['minify', 'paths']) expect(made.jsc).not.toHaveProperty(key);
  });
});
