import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { createPool } from '../../lib/entries/core.js';
import { transpile } from '../../lib/engines/typescript/transpile.js';
import type { Benchmark, BenchmarkOptions } from '../main.js';
import { median } from '../statistics.js';

interface Result {
  readonly node: string;
  readonly rows: readonly { readonly kind: string; readonly files: number; readonly ms: number }[];
}

const FILES = [1, 50];

/** How much longer a thread takes to boot from TypeScript sources than from what they are compiled to. */
export const sources: Benchmark = {
  about: 'boots of a thread from TypeScript sources and from compiled files',
  run: measure,
  print({ rows }: Result) {
    for (const { kind, files, ms } of rows)
      console.log(`${kind.padEnd(12)} ${String(files).padStart(3)} files ${ms.toFixed(0).padStart(6)} ms`);
  },
};

async function measure({ rounds }: BenchmarkOptions): Promise<Result> {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'sources-')));
  try {
    const kinds = FILES.flatMap((files) => [
      { kind: 'compiled', files, tasks: write(folder, files, 'js') },
      { kind: 'TypeScript', files, tasks: write(folder, files, 'ts') },
    ]);
    const times = new Map(kinds.map((one) => [one, [] as number[]]));
    for (const one of kinds) await boot(one.tasks);
    for (let round = 0; round < rounds; round++) for (const one of kinds) times.get(one)!.push(await boot(one.tasks));
    const rows = kinds.map((one) => ({ kind: one.kind, files: one.files, ms: median(times.get(one)!) }));
    return { node: process.version, rows };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A module of tasks that imports others, each with a class under a decorator. */
function write(folder: string, files: number, end: 'ts' | 'js'): URL {
  const own = path.join(folder, `${end}-${files}`);
  mkdirSync(own);
  writeFileSync(path.join(own, 'package.json'), '{ "type": "module" }');
  const names = Array.from({ length: files - 1 }, (_, index) => `part-${index}`);
  const parts = names.map((name) => [name, PART] as const);
  const tasks = `${names.map((name) => `import './${name}.js';`).join('\n')}\nexport const one = (): number => 1;\n`;
  for (const [name, text] of [...parts, ['tasks', tasks] as const]) {
    const file = path.join(own, `${name}.ts`);
    writeFileSync(file, text);
    if (end === 'js') writeFileSync(path.join(own, `${name}.js`), transpile(file));
  }
  return pathToFileURL(path.join(own, `tasks.${end}`));
}

const PART = `
function mark(..._: readonly unknown[]): void {}
export interface Box { readonly width: number }
export class Part {
  constructor(private readonly boxes: readonly Box[]) {}
  @mark
  total(at: number): number {
    return this.boxes.slice(at).reduce((sum, { width }) => sum + width, 0);
  }
}
`;

async function boot(tasks: URL): Promise<number> {
  const begun = performance.now();
  const pool = createPool({ name: 'sources', tasks, size: { max: 1 }, scaling: false });
  await pool.ready();
  const ms = performance.now() - begun;
  await pool.close();
  return ms;
}
