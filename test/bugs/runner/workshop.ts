import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import ts from 'typescript';
import { applyPatch, type FilePatch } from './patch.js';

const FOLDERS = ['lib', 'dist/lib', 'dist/test/bugs', 'dist/test/fixtures', 'dist/test/support'];
const FILES = ['package.json', 'tsconfig.json', 'vitest.config.ts'];

/** A temporary folder with copies of the repository as built, in which bugs can be put without harm. */
export class Workshop {
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'dynamic-pool-bugs-'));
  readonly #compilerOptions: ts.CompilerOptions;

  constructor(readonly root: string) {
    const { config } = ts.readConfigFile(path.join(root, 'tsconfig.json'), (file) => readFileSync(file, 'utf8')) as {
      config: { compilerOptions: unknown };
    };
    const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
    // A file alone does not know the package it is in, and would be taken for CommonJS.
    const [module, moduleResolution] = [ts.ModuleKind.ESNext, ts.ModuleResolutionKind.Bundler];
    this.#compilerOptions = { ...options, module, moduleResolution };
  }

  /** One more copy of the repository, and its path. */
  addCopy(name: string): string {
    const copy = path.join(this.#folder, name);
    mkdirSync(path.join(copy, 'dist/test'), { recursive: true });
    // A bundle holds compiled code a second time, where no bug is put in; without one the files themselves are loaded.
    const filter = (file: string) => !file.endsWith('.bundle.js');
    for (const name of FOLDERS) cpSync(path.join(this.root, name), path.join(copy, name), { recursive: true, filter });
    for (const name of FILES) cpSync(path.join(this.root, name), path.join(copy, name));
    symlinkSync(path.join(this.root, 'node_modules'), path.join(copy, 'node_modules'), 'junction');
    return copy;
  }

  /**
   * Puts a bug into a copy, as compiled code; call the result to take it out again.
   * @throws Error when the patch does not fit, or breaks the syntax; the copy is as it was.
   */
  putIn(copy: string, patches: readonly FilePatch[]): () => void {
    const changed = patches.map((patch) => {
      const source = applyPatch(patch, readFileSync(path.join(copy, patch.file), 'utf8'));
      const target = path.join(copy, 'dist', patch.file.replace(/\.ts$/, '.js'));
      return { target, good: readFileSync(target, 'utf8'), bad: this.#transpile(patch.file, source) };
    });
    for (const { target, bad } of changed) writeFileSync(target, bad);
    return () => {
      for (const { target, good } of changed) writeFileSync(target, good);
    };
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  }

  #transpile(file: string, source: string): string {
    const { outputText, diagnostics = [] } = ts.transpileModule(source, {
      compilerOptions: this.#compilerOptions,
      fileName: path.join(this.root, file),
      reportDiagnostics: true,
    });
    const [error] = diagnostics;
    if (error) throw new Error(`The patch breaks ${file}: ${ts.flattenDiagnosticMessageText(error.messageText, ' ')}`);
    return outputText;
  }
}
