import type { ModuleKind } from './module-kind.js';
import { asObject } from './read-json.js';

type Settings = Readonly<Record<string, unknown>>;

/** What decides how one source file is transpiled. */
export interface TranspileRequest {
  readonly file: string;
  readonly kind: ModuleKind;
  /** `compilerOptions` of the project. */
  readonly compilerOptions: Settings;
  /** The nearest .swcrc, and its folder; plugins are found from there. */
  readonly swcrc: { readonly folder: string; readonly settings: Settings } | null;
  /** Of the project's TypeScript, whose defaults differ: 6 where it has none. */
  readonly typescriptMajor: number;
}

/**
 * Options of `@swc/core`: what the compiler options say, .swcrc over them, and over both what a worker needs: legacy
 * decorators with metadata, syntax that every supported Node.js runs, modules as Node.js takes the file, a source map.
 */
export function swcOptions(request: TranspileRequest): Settings {
  const { file, kind, swcrc } = request;
  const module = asObject(swcrc?.settings.module) ?? {};
  return {
    jsc: compilation(request, asObject(swcrc?.settings.jsc) ?? {}),
    module: kind === 'module' ? { type: 'es6' } : { noInterop: !hasInterop(request), ...module, type: 'commonjs' },
    filename: file,
    sourceFileName: file,
    sourceMaps: 'inline',
    inlineSourcesContent: false,
    swcrc: false,
    configFile: false,
    ...(swcrc && { cwd: swcrc.folder }),
  };
}

function compilation(request: TranspileRequest, own: Settings): Settings {
  const { compilerOptions } = request;
  // Aliases are followed where modules are resolved; what swc would write for them depends on where it runs.
  const { target: _, minify: __, baseUrl: ___, paths: ____, ...jsc } = own;
  return {
    ...jsc,
    target: 'es2022',
    parser: { syntax: 'typescript', tsx: request.file.endsWith('x'), decorators: true },
    experimental: experimental(asObject(own.experimental) ?? {}),
    transform: {
      useDefineForClassFields: definesFields(request),
      verbatimModuleSyntax: compilerOptions.verbatimModuleSyntax === true,
      react: react(compilerOptions),
      ...asObject(jsc.transform),
      legacyDecorator: true,
      decoratorMetadata: true,
      decoratorVersion: undefined,
    },
  };
}

/** Node.js imports no JSON without `with { type: 'json' }`. An older name of the option, besides, would be refused. */
function experimental(own: Settings): Settings {
  const { keepImportAttributes: _, ...kept } = own;
  return { ...kept, keepImportAssertions: true };
}

/** `useDefineForClassFields` follows the target, which follows the module kind, which follows TypeScript's age. */
function definesFields({ compilerOptions, typescriptMajor }: TranspileRequest): boolean {
  const { useDefineForClassFields: own, target } = compilerOptions;
  if (typeof own === 'boolean') return own;
  if (typeof target !== 'string') return typescriptMajor >= 6 || isNodeKind(compilerOptions.module);
  return /^es(?:next|20(?:2[2-9]|[3-9]\d))$/i.test(target);
}

function hasInterop({ compilerOptions, typescriptMajor }: TranspileRequest): boolean {
  const { esModuleInterop: own, module } = compilerOptions;
  return typeof own === 'boolean' ? own : typescriptMajor >= 6 || isNodeKind(module);
}

function isNodeKind(module: unknown): boolean {
  return typeof module === 'string' && /^(?:node|preserve)/i.test(module);
}

function react({ jsx, jsxFactory, jsxFragmentFactory, jsxImportSource }: Settings): Settings {
  const isAutomatic = typeof jsx === 'string' && jsx.startsWith('react-jsx');
  return {
    runtime: isAutomatic ? 'automatic' : 'classic',
    ...(jsx === 'react-jsxdev' && { development: true }),
    ...(isAutomatic && typeof jsxImportSource === 'string' && { importSource: jsxImportSource }),
    ...(!isAutomatic && typeof jsxFactory === 'string' && { pragma: jsxFactory }),
    ...(!isAutomatic && typeof jsxFragmentFactory === 'string' && { pragmaFrag: jsxFragmentFactory }),
  };
}
