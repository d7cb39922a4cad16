import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = process.cwd();
let tree: string;

beforeAll(async () => {
  tree = await mkdtemp(path.join(tmpdir(), 'import-table-'));
  await cp(path.join(root, '.oxlintrc.json'), path.join(tree, '.oxlintrc.json'));
  await symlink(path.join(root, 'node_modules'), path.join(tree, 'node_modules'));
});

afterAll(() => rm(tree, { recursive: true }));

/** Lints one planted file and tells what the linter printed. */
async function lint(file: string, source: string): Promise<string> {
  const target = path.join(tree, file);
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(target, source);
  const linter = path.join(root, 'node_modules', 'oxlint', 'bin', 'oxlint');
  const { stdout } = await run(process.execPath, [linter, file], { cwd: tree }).catch((error) => error);
  await rm(target);
  return stdout;
}

describe('the import table of docs/architecture.md', () => {
  it.each([
    ['lib/core/pool/planted.ts', '../../nest/pool.service.js'],
    ['lib/core/pool/planted.ts', '../../engines/create-pool.js'],
    ['lib/core/planted.ts', '../index.js'],
    ['lib/core/planted.ts', '@nestjs/common'],
    ['lib/core/planted.ts', 'rxjs'],
    ['lib/core/queue/planted.ts', '../pool/task.js'],
    ['lib/engines/planted.ts', '../nest/pool.service.js'],
    ['lib/engines/planted.ts', 'piscina'],
    ['lib/adapters/planted.ts', '../core/pool/crew.js'],
    ['lib/adapters/planted.ts', '../engines/create-pool.js'],
    ['lib/adapters/planted.ts', 'opossum'],
    ['lib/adapters/planted.ts', '@opentelemetry/sdk-trace-node'],
    ['lib/core/planted.ts', '@opentelemetry/api'],
    ['lib/nest/planted.ts', 'nestjs-cls'],
    ['lib/core/scaling/signals/planted.ts', '../../../adapters/breaker.js'],
    ['lib/simulator/planted.ts', '../engines/create-pool.js'],
    ['lib/simulator/load/planted.ts', '../../cli/main.js'],
    ['lib/simulator/planted.ts', 'csv-parse'],
    ['lib/core/scaling/planted.ts', '../../simulator/random.js'],
    ['lib/cli/commands/planted.ts', '../../engines/create-pool.js'],
    ['lib/cli/planted.ts', '../nest/pool.service.js'],
    ['lib/cli/planted.ts', 'commander'],
    ['lib/nest/planted.ts', '../entries/core.js'],
    ['lib/nest/planted.ts', '../dynamic-pool.module.js'],
    ['lib/nest/worker/planted.ts', 'express'],
    ['lib/config/planted.ts', '../nest/pool.service.js'],
    ['lib/config/planted.ts', 'chokidar'],
    ['lib/observe/metrics/planted.ts', '../../admin/admin.module.js'],
    ['lib/observe/planted.ts', '../nest/pool-runtime.js'],
    ['lib/observe/planted.ts', 'express'],
    ['lib/admin/planted.ts', '../core/pool/local-pool.js'],
    ['lib/admin/planted.ts', '../observe/health/pool-health.indicator.js'],
    ['lib/admin/http/planted.ts', 'express'],
    ['lib/core/planted.ts', '../config/read-config.js'],
    ['lib/testing/planted.ts', '../adapters/cron.js'],
    ['lib/testing/nest/planted.ts', '../../config/schema.js'],
    ['lib/testing/nest/planted.ts', '@nestjs/testing'],
    ['lib/core/pool/planted.ts', '../../testing/virtual-clock.js'],
  ])('refuses that %s imports %s', async (file, specifier) => {
    const told = await lint(file, `export { x } from '${specifier}';\n`);
    expect(told).toContain('no-restricted-imports');
    expect(told).toContain('import table');
  });

  it.each([
    ['lib/core/pool/planted.ts', '../queue/task-queue.js'],
    ['lib/core/planted.ts', 'node:os'],
    ['lib/engines/planted.ts', '../core/engine.js'],
    ['lib/adapters/planted.ts', '../core/scaling/contract.js'],
    ['lib/adapters/planted.ts', 'nestjs-cls'],
    ['lib/adapters/planted.ts', '@opentelemetry/api'],
    ['lib/simulator/load/planted.ts', '../../core/validate.js'],
    ['lib/simulator/live/planted.ts', '../load/load-shape.js'],
    ['lib/simulator/live/planted.ts', 'node:http'],
    ['lib/cli/commands/planted.ts', '../../core/scaling/sizing.js'],
    ['lib/cli/planted.ts', '../simulator/load/index.js'],
    ['lib/cli/api/planted.ts', 'eventsource-parser'],
    ['lib/nest/planted.ts', '../engines/create-pool.js'],
    ['lib/nest/planted.ts', '@nestjs/core'],
    ['lib/nest/planted.ts', 'rxjs/operators'],
    ['lib/config/planted.ts', 'yaml'],
    ['lib/config/planted.ts', '../core/validate.js'],
    ['lib/observe/metrics/planted.ts', '../../nest/pool.service.js'],
    ['lib/observe/metrics/planted.ts', '@willsoto/nestjs-prometheus'],
    ['lib/admin/dry-run/planted.ts', '../../simulator/simulate.js'],
    ['lib/admin/planted.ts', '@nestjs/common'],
    ['lib/admin/planted.ts', '../core/contract/index.js'],
    ['lib/testing/nest/planted.ts', '../../nest/receiver.js'],
    ['lib/testing/inline/planted.ts', '../../engines/create-pool.js'],
    ['lib/index.ts', './nest/pool.service.js'],
  ])('allows that %s imports %s', async (file, specifier) => {
    expect(await lint(file, `export { x } from '${specifier}';\n`)).not.toContain('no-restricted-imports');
  });
});
