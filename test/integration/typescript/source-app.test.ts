import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { judge } from '../../toolchains/runner/verdict.js';
import { CommandFailed, runCommand } from '../../support/run-command.js';
import { sourceApp, type SourceApp } from '../../support/source-app.js';

const ROOT = process.cwd();
const LOADER = pathToFileURL(path.join(ROOT, 'dist/test/support/load-sources.js')).href;
const VITEST = path.join(ROOT, 'node_modules/vitest/vitest.mjs');
const LONG = 120_000;

/** What an application tells of its checks: all are true. */
async function checksOf({ folder }: SourceApp, ...args: readonly string[]) {
  const ended = runCommand(process.execPath, args, { cwd: folder, timeoutMs: LONG });
  return judge(await ended.catch((error: unknown) => (error instanceof CommandFailed ? error : Promise.reject(error))));
}

describe.each([
  { type: 'module', pool: 'forks' },
  { type: 'commonjs', pool: 'threads' },
] as const)('an application of TypeScript sources ($type)', ({ type, pool }) => {
  let app: SourceApp;

  beforeAll(async () => {
    app = await sourceApp(type);
  });

  afterAll(() => app[Symbol.asyncDispose]());

  test(
    'runs its decorated methods, worker modules, entries and functions on threads (U7)',
    async () => {
      const { checks, problem } = await checksOf(app, '--import', LOADER, 'src/main.ts');
      expect(problem).toBeNull();
      expect(Object.entries(checks).filter(([, outcome]) => outcome !== true)).toEqual([]);
      expect(Object.keys(checks)).toContain('tasks of createPool, and an alias');
    },
    LONG,
  );

  test(
    `does so within a test of vitest, in its pool ${pool} (U7)`,
    async () => {
      const fixture = path.join(ROOT, 'test/toolchains/apps/vitest-nest12');
      for (const file of ['vitest.config.ts', 'src/app.test.ts']) {
        await copyFile(path.join(fixture, file), path.join(app.folder, file));
      }
      const { checks, problem } = await checksOf(app, VITEST, 'run', `--pool=${pool}`);
      expect(problem).toBeNull();
      expect(Object.entries(checks).filter(([, outcome]) => outcome !== true)).toEqual([]);
      expect(Object.keys(checks)).toContain('stacks tell lines of the source');
    },
    LONG,
  );
});
