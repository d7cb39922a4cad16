import { readFileSync } from 'node:fs';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ScheduleModule } from '@nestjs/schedule';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { DynamicPoolModule, PoolService } from 'nestjs-dynamic-pool';
import { PoolHealthIndicator } from 'nestjs-dynamic-pool/terminus';
import { resolveHealthOptions } from '../../lib/core/health/health-options.js';
import { HealthModule } from '../fixtures/docs/health.js';
import { isAlive, reports } from '../fixtures/docs/health-checks.js';

const page = readFileSync('docs/health.md', 'utf8');
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\\n(?<text>[\\s\\S]*?)\`\`\``, 'g'))].map(
    (match) => match.groups!.text!,
  );

let open: (() => void)[] = [];

@Module({
  imports: [
    ScheduleModule.forRoot(),
    DynamicPoolModule.forRoot({
      pools: {
        reports: {
          kind: 'async',
          size: { max: 1 },
          queue: { capacity: 10 },
          tasks: { report: () => new Promise<void>((resolve) => open.push(resolve)) },
        },
      },
    }),
    HealthModule,
  ],
})
class App {}

async function start() {
  open = [];
  const app = await NestFactory.create(App, { logger: false });
  onTestFinished(async () => {
    await app.get(PoolService).get('reports').close({ force: true });
    await app.close();
  });
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  const probe = async (path: string) => {
    const response = await fetch(url + path, { headers: { connection: 'close' } });
    return { status: response.status, body: (await response.json()) as object };
  };
  return { app, probe, pool: app.get(PoolService).get('reports') };
}

describe('docs/health.md (U5)', () => {
  it('shows the JSON of the real endpoints, under overload', async () => {
    const { probe, pool } = await start();
    for (let task = 0; task < 10; task++) pool.run('report').catch(() => {});
    const [ready, pools] = blocks('json').map((text) => JSON.parse(text) as object);
    expect(await probe('/health/ready')).toEqual({ status: 200, body: ready });
    const ticked = (key: string, value: unknown) => (key === 'lastTickAt' ? 'some time' : value);
    const told = await probe('/health/pools');
    expect(told.status).toBe(200);
    expect(JSON.parse(JSON.stringify(told.body), ticked)).toEqual(JSON.parse(JSON.stringify(pools), ticked));
  });

  it('points the probes of Kubernetes at endpoints that are there', async () => {
    const { probe } = await start();
    const { spec } = parse(blocks('yaml')[0]!) as {
      spec: { containers: Record<string, { httpGet?: { path: string } }>[] };
    };
    const probes = ['startupProbe', 'livenessProbe', 'readinessProbe'].map((name) => spec.containers[0]![name]!);
    for (const { httpGet } of probes) expect((await probe(httpGet!.path)).status).toBe(200);
  });

  it('shows checks of which each does what its comment says', async () => {
    const { app, pool } = await start();
    const health = app.get(PoolHealthIndicator);
    expect(isAlive(health).pools!.status).toBe('up');
    pool.pause();
    expect(reports(health)['pool:reports']!.status).toBe('up');
  });

  it('has a row for every option, with its default, and for every finding', () => {
    const { means, ...checks } = resolveHealthOptions('any', {}, 100);
    const row = (name: string) => page.split('\n').find((line) => line.startsWith(`| \`${name}\` |`));
    for (const [option, value] of Object.entries(checks)) {
      const shown = option === 'maxP99WaitMs' ? 'ten times' : shownAs(value);
      expect(row(option), option).toContain(shown);
    }
    expect(checks.maxP99WaitMs).toBe(1_000);
    for (const finding of Object.keys(means)) expect(row(finding), finding).toBeDefined();
    const rows = [...page.matchAll(/^\| `(?<name>\w+)` \|/gm)].map((match) => match.groups!.name!);
    const known = [...Object.keys(checks), 'means', ...Object.keys(means), 'up', 'degraded', 'down'];
    expect(rows.toSorted()).toEqual(known.toSorted());
  });
});

function shownAs(value: unknown): string {
  if (typeof value === 'number') return `\`${value.toLocaleString('en-US')}\``.replaceAll(',', '_');
  const { crashes, withinMs } = value as { crashes: number; withinMs: number };
  return `\`{ crashes: ${crashes}, withinMs: ${withinMs.toLocaleString('en-US').replaceAll(',', '_')} }\``;
}
