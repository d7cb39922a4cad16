import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { NestFactory } from '@nestjs/core';
import { describe, expect, it } from 'vitest';
import { PoolService } from 'nestjs-dynamic-pool';
import { BundledModule } from '../fixtures/docs/toolchains-app.js';
import { Reports } from '../fixtures/docs/toolchains-reports.js';

const APPS = 'test/toolchains/apps';
const text = readFileSync('docs/toolchains.md', 'utf8');

describe('the page on toolchains (U7)', () => {
  it('names every application, and shows configuration as it stands in them', () => {
    for (const name of readdirSync(APPS)) expect(text).toContain(`(../${APPS}/${name})`);
    const blocks = [...text.matchAll(/(?<before>[^\n]*\n)```js\n(?<code>[\s\S]*?)```/g)].map((match) => match.groups!);
    expect(blocks.length).toBeGreaterThan(3);
    for (const { before, code } of blocks) {
      const file = /<!-- from (\S+) -->/.exec(before!)?.[1] ?? '';
      expect(code).toBe(readFileSync(path.join(APPS, file), 'utf8'));
    }
  });

  it('names checks that the applications have', () => {
    const named = [...text.matchAll(/\| `((?:refusal|module)[^`]*)` in /g)].map(([, name]) => name!);
    const sources = [
      'shared/src/bundle-checks.ts',
      'apps/esbuild-nest12/src/more-checks.ts',
      'apps/tsc-cjs-nest11/src/more-checks.ts',
    ];
    const checks = sources.map((file) => readFileSync(path.join('test/toolchains', file), 'utf8')).join('\n');
    expect(named).toHaveLength(4);
    for (const name of named) expect(checks).toContain(`name: '${name}'`);
  });

  it('every application has a build or runs its sources, and a check', () => {
    for (const name of readdirSync(APPS)) {
      expect(existsSync(path.join(APPS, name, 'package.json'))).toBe(true);
      const { scripts } = JSON.parse(readFileSync(path.join(APPS, name, 'package.json'), 'utf8'));
      expect(scripts.check).toBeTypeOf('string');
    }
  });

  it('shows an entry that serves the tasks of the pool', async () => {
    const app = await NestFactory.createApplicationContext(BundledModule, { logger: false });
    expect(await app.get(Reports).cost(7)).toBe(21);
    expect(app.get(PoolService).snapshot('reports').counters.completed).toBe(1);
    await app.close();
  });
});
