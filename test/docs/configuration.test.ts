import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { NestFactory } from '@nestjs/core';
import { expect, it, onTestFinished, vi } from 'vitest';
import { PoolService } from 'nestjs-dynamic-pool';
import { tellProblem, type ConfigProblem } from '../../lib/config/config-problem.js';
import { mergedPool } from '../../lib/config/merge-options.js';
import { parseConfig } from '../../lib/config/parse-config.js';
import { HOT_OPTIONS } from '../../lib/core/pool/changed-options.js';
import { resolvePoolOptions } from '../../lib/core/pool/resolve-options.js';
import { COLD_OPTIONS, CONFIG_SCHEMA } from '../../lib/config/schema.js';

const page = readFileSync('docs/configuration.md', 'utf8');
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\\n(?<text>[\\s\\S]*?)\`\`\``, 'g'))].map(
    ({ groups }) => groups!.text!,
  );
const [example, wrong] = blocks('yaml');

it('the tables have each key that can change, and no other (O5)', () => {
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));
  const keys = rows.flatMap((row) =>
    [...row.split('|')[1]!.matchAll(/`(?<key>[\w.]+)`/g)].map(({ groups }) => groups!.key!),
  );
  const budget = Object.keys((CONFIG_SCHEMA['properties'] as any).budget.properties as object);
  expect(keys.toSorted()).toEqual([...HOT_OPTIONS, ...budget.map((key) => `budget.${key}`)].toSorted());
  for (const [, cold] of page.matchAll(/\*\*Everything else stands in code\*\* \((?<list>[^)]*)\)/g)) {
    for (const [, option] of cold!.matchAll(/`([\w.]+)`/g)) expect(COLD_OPTIONS).toContain(option);
  }
});

it('the example is applied in the application that is shown, and health is as the page says', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'docs-configuration-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'pools.yaml');
  writeFileSync(file, example!);
  vi.stubEnv('POOLS_FILE', file);
  onTestFinished(() => void vi.unstubAllEnvs());
  const { ConfiguredModule } = await import('../fixtures/docs/configuration.js');
  const app = await NestFactory.createApplicationContext(ConfiguredModule, { logger: false });
  onTestFinished(() => app.close());
  const pools = app.get(PoolService);
  expect(pools.config()).toMatchObject({ file, state: 'applied', error: null });
  expect(pools.snapshot('images')).toMatchObject({ min: 2, max: 6, queueCapacity: 500, live: 2 });
  expect(pools.policy('images')).toBe('thrifty');
  expect(pools.policy('mail')).toMatchObject({ decider: { type: 'threshold' } });
  expect(pools.budget()!.workers).toBe(8);

  const shown = JSON.parse(blocks('json')[0]!) as object;
  const { at } = pools.config()!;
  writeFileSync(file, wrong!);
  await vi.waitUntil(() => pools.config()!.at > at, { timeout: 10_000 });
  const status = pools.config()!;
  expect(Object.keys(status)).toEqual(Object.keys(shown));
  expect(status).toMatchObject({ state: 'invalid', error: { line: 4, column: 14 } });
  expect(pools.health('mail').status).toBe('degraded');
});

it('the messages are those that are shown', () => {
  const told = (action: () => void): string => {
    try {
      action();
    } catch (error) {
      return tellProblem('config/pools.yaml', error as ConfigProblem);
    }
    return 'nothing is wrong';
  };
  const [schema, core] = blocks('text').map((text) => text.trim());
  expect(told(() => parseConfig(wrong!, ['images']))).toBe(schema);
  const corrected = parseConfig(wrong!.replace('thrify', 'thrifty'), ['images']);
  const apply = () => {
    try {
      resolvePoolOptions(mergedPool({ name: 'images', size: { max: 4 } }, corrected.options.pools!['images']));
    } catch (error) {
      throw corrected.locate(error);
    }
  };
  expect(told(apply)).toBe(core);
});

it('the ConfigMap has a file that is right', () => {
  const manifest = blocks('yaml').find((text) => text.includes('kind: ConfigMap'))!;
  const [, file] = /pools\.yaml: \|\n(?<file>(?: {4}.*\n)+)/.exec(manifest)!;
  expect(parseConfig(file!.replaceAll(/^ {4}/gm, ''), ['images', 'mail']).options.pools!['images']).toEqual({
    size: { max: 8 },
  });
});
