import { createServer, type RequestListener } from 'node:http';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import CircuitBreaker from 'opossum';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createAutoscaler, PRESETS, type Policy, type PoolReading } from 'nestjs-dynamic-pool/core';
import { PoolService } from 'nestjs-dynamic-pool';
import { constant, poissonWorkload, simulate, step } from 'nestjs-dynamic-pool/simulator';
import { ShopModule } from '../fixtures/docs/budgets.js';
import { rows } from '../fixtures/docs/compare-policies.js';
import { whoHoldsWhat } from '../fixtures/docs/core-budget.js';
import { run } from '../fixtures/docs/core-scaling.js';
import { OneForThree } from '../fixtures/docs/custom-decider.js';
import { Maintenance } from '../fixtures/docs/custom-guard.js';
import { byMail } from '../fixtures/docs/custom-signal.js';
import { officeHours } from '../fixtures/docs/office-hours.js';
import { byBacklog } from '../fixtures/docs/prometheus-signal.js';
import { policy as ofParts } from '../fixtures/docs/scaling-parts.js';
import { Shifts } from '../fixtures/docs/scaling-swap.js';
import { ScalingWatch } from '../fixtures/docs/scaling-watch.js';
import { Capacity, Reports, ReportsModule } from '../fixtures/docs/scaling.js';
import { carefulPolicy, createCrawler } from '../fixtures/docs/slow-downstream.js';

const page = readFileSync('docs/scaling.md', 'utf8');

/** 20 tasks a second, after ten seconds 200; each takes 50 ms. */
const jump = poissonWorkload(step({ basePerSecond: 20, peakPerSecond: 200, beforeMs: 10_000, afterMs: 20_000 }), {
  seed: 1,
  meanMs: 50,
  cv: 0,
});

/** A pool of somebody else's: two methods. */
function foreignPool(changes: Partial<PoolReading> = {}) {
  let target = 2;
  return {
    get target() {
      return target;
    },
    snapshot(): PoolReading {
      const size = { target, size: target, starting: 0, live: target };
      return { name: 'foreign', min: 1, max: 8, ...size, busy: 0, queueDepth: 0, ...changes };
    },
    resize(to: number): void {
      target = to;
    },
  };
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('pools that size themselves, in an application', () => {
  @Module({ imports: [ReportsModule], providers: [ScalingWatch, Shifts] })
  class App {}

  async function start() {
    const app = await NestFactory.createApplicationContext(App, { logger: false });
    onTestFinished(() => app.close());
    return { app, pools: app.get(PoolService) };
  }

  it('grow while tasks wait, and say why; the example in the text has the fields of a real decision', async () => {
    const { app, pools } = await start();
    const sums = await Promise.all(Array.from({ length: 6 }, () => app.get(Reports).sum(1_000_000)));
    expect(sums).toEqual(Array.from({ length: 6 }, () => 500_000_500_000));
    expect(app.get(Capacity).why().at(-1)).toMatch(
      /^1 → \d: \d tasks? waits?, and how long one takes is not yet known$/,
    );
    expect(app.get(ScalingWatch).news[0]).toMatch(/^1 → /);

    const shown = JSON.parse(/```json\n(?<decision>\{\s+"seq"[\s\S]*?)```/.exec(page)!.groups!.decision!) as object;
    const [decision] = pools.decisions('reports', { limit: 1 });
    expect(Object.keys(shown)).toEqual(Object.keys(decision!));
    for (const field of Object.keys(decision!)) expect(page).toContain(`| \`${field}\``);
  });

  it('can be watched and stopped; the pool goes on', async () => {
    const { app, pools } = await start();
    const watch = app.get(ScalingWatch);
    expect(watch.isHealthy()).toBe(true);
    watch.stop();
    expect(pools.autoscaler('reports')!.state).toBe('stopped');
    expect(watch.isHealthy()).toBe(false);
    expect(await app.get(Reports).sum(10)).toBe(55);
  });

  it('take another policy while they run, and stand aside for a person', async () => {
    const { app, pools } = await start();
    const shifts = app.get(Shifts);
    shifts.night();
    expect(pools.policy('reports')).toBe('thrifty');
    shifts.day();
    expect(pools.policy('reports')).toMatchObject({ preset: 'latency' });
    await shifts.moveTheDatabase();
    expect(pools.snapshot('reports')).toMatchObject({ live: 2, override: { owner: 'ada' } });
    await vi.waitUntil(() => pools.decisions('reports', { limit: 1 })[0]?.heldBy === 'override', 10_000);
    await shifts.databaseHasMoved();
    expect(pools.snapshot('reports').override).toBeNull();
  });

  it('share a budget', async () => {
    const app = await NestFactory.createApplicationContext(ShopModule, { logger: false });
    onTestFinished(() => app.close());
    const { workers, free, pools } = app.get(PoolService).budget()!;
    expect({ workers, free }).toEqual({ workers: 6, free: 3 });
    expect(pools.map(({ name, held }) => [name, held])).toEqual([
      ['checkout', 2],
      ['batch', 1],
    ]);
  });
});

describe('pools that size themselves, without Nest', () => {
  it('have an autoscaler of their own, which tells its decisions and its health', async () => {
    const { decisions, health } = await run();
    expect(health).toMatchObject({ state: 'running', faults: 0 });
    expect(decisions.some(({ from, to }) => to > from)).toBe(true);
  });

  it('share a budget', async () => {
    const { workers, free, pools } = await whoHoldsWhat();
    expect([workers, free]).toEqual([4, 0]);
    expect(pools.map(({ held }) => held)).toEqual([3, 1]);
  });
});

describe('policies of parts', () => {
  const run = (policy: Policy) => simulate(jump, { scaling: { policy } });

  it('rules, guards and a forecast', () => {
    const { decisions, missPct } = run(ofParts);
    expect(decisions.some(({ reason }) => reason.startsWith('callers wait: usualWait is '))).toBe(true);
    expect(decisions.some(({ heldBy }) => heldBy === 'cooldown')).toBe(true);
    expect(missPct).toBeGreaterThan(0);
  });

  it('a signal that is a function', async () => {
    const pool = foreignPool();
    const autoscaler = createAutoscaler(pool, { policy: byMail({ unread: 140 }) });
    onTestFinished(() => autoscaler.stop());
    await vi.waitUntil(() => pool.target === 4, 10_000);
    expect(autoscaler.decisions()[0]).toMatchObject({ reason: 'unread is 140, above 100' });
  });

  it("a decider and a guard of one's own", () => {
    const guard = new Maintenance();
    const policy = { decider: new OneForThree(), guards: [guard] };
    const { decisions } = run(policy);
    expect(decisions.some(({ reason, to, from }) => to > from && reason.endsWith(' tasks wait or run'))).toBe(true);
    guard.isOn = true;
    const held = run(policy);
    expect(held.resizes.every(({ from, to }) => to < from)).toBe(true);
    expect(held.decisions.some(({ heldBy }) => heldBy === 'maintenance')).toBe(true);
  });

  it('a schedule: fifty workers from half a minute before nine in Zurich, whatever the load', () => {
    const quiet = poissonWorkload(constant({ perSecond: 1, durationMs: 90_000 }), { seed: 1 });
    const startsAt = Date.parse('2026-01-05T08:59:00+01:00');
    const { resizes } = simulate(quiet, { scaling: { policy: officeHours }, startsAt });
    const opening = resizes.find(({ to }) => to === 50)!;
    expect(opening.at).toBeGreaterThanOrEqual(30_000);
    expect(opening.at).toBeLessThanOrEqual(30_250);
  });

  it('a Prometheus query', async () => {
    const answer = { status: 'success', data: { resultType: 'vector', result: [{ metric: {}, value: [0, '2500'] }] } };
    const url = await serve((_, response) => response.end(JSON.stringify(answer)));
    const pool = foreignPool();
    const autoscaler = createAutoscaler(pool, { policy: byBacklog(url) });
    onTestFinished(() => autoscaler.stop());
    await vi.waitUntil(() => pool.target === 6, 10_000);
    expect(autoscaler.decisions()[0]).toMatchObject({ from: 2, to: 6, reason: 'backlog is 2500, above 1000' });
  });

  it('a breaker that is open lets a pool shrink and not grow', () => {
    const breaker = new CircuitBreaker(async () => 'page');
    onTestFinished(() => breaker.shutdown());
    expect(run(carefulPolicy(breaker)).resizes.some(({ from, to }) => to > from)).toBe(true);
    breaker.open();
    const { resizes, decisions } = run(carefulPolicy(breaker));
    expect(resizes.some(({ from, to }) => to > from)).toBe(false);
    expect(decisions.some(({ heldBy }) => heldBy === 'breaker open')).toBe(true);
  });

  it('a breaker in front of what the tasks call', async () => {
    await using pool = createCrawler(async (url) => `page ${url}`);
    expect(await pool.run('page', ['a'])).toBe('page a');
  });
});

describe('the page on scaling', () => {
  it('shows what its simulation gives', () => {
    for (const { policy, missPct, cost, reversals } of rows) {
      const figures = `${missPct.toFixed(1)} % | ${cost.toFixed(2)} | ${reversals}`;
      expect(page).toContain(`| \`${policy}\` | ${figures} |`);
    }
  });

  it('names every type of part there is, and every option of it, in the rows of its tables', () => {
    for (const [key, wrap] of Object.entries(PARTS)) {
      const types = listed(wrap({ type: 'none' }), /(?:There are|one of):? (?<names>.*)\.$/);
      expect(types.length, key).toBeGreaterThan(2);
      for (const type of types) {
        const rows = page.split('\n').filter((line) => line.startsWith(`| \`${type}\` |`));
        const options = listed(wrap({ type, none: 1 }), /Options: (?<names>.*)\.$/).filter((name) => name !== 'type');
        for (const option of options) expect(rows.join('\n'), `${key} ${type}`).toContain(`\`${option}\``);
        expect(rows.length, `${key} ${type}`).toBeGreaterThan(0);
      }
    }
  });

  it('names every preset, every default signal and every bug of the catalogues that has a test', () => {
    for (const preset of Object.keys(PRESETS)) expect(page).toContain(`| \`${preset}\` |`);
    const signals = listed({ decider: { type: 'threshold', signal: 'none' } }, /There are: (?<names>.*)\.$/);
    for (const signal of signals) expect(page).toMatch(new RegExp(`^\\|.*\`${signal}\`.*\\| \`\\{ type:`, 'm'));
    const bugs = readdirSync('test/bugs').flatMap((file) => /^(S\d-[BE]\d\d)\.test\.ts$/.exec(file)?.[1] ?? []);
    expect(bugs.length).toBeGreaterThan(20);
    for (const bug of bugs) expect(page).toContain(`| ${bug} |`);
  });
});

/** Where each family of parts stands in a policy. */
const PARTS: Record<string, (spec: object) => object> = {
  signal: (spec) => ({ signals: { mine: spec } }),
  decider: (spec) => ({ decider: spec }),
  guard: (spec) => ({ guards: [spec] }),
  forecast: (spec) => ({ forecast: spec }),
};

/** The names that the refusal of such a policy lists. */
function listed(policy: object, pattern: RegExp): string[] {
  let message = 'accepted';
  try {
    createAutoscaler(foreignPool(), { policy }).stop();
  } catch (error) {
    message = (error as Error).message;
  }
  const found = pattern.exec(message)?.groups!.names!.split(', ');
  expect(found, message).toBeDefined();
  return found!;
}
