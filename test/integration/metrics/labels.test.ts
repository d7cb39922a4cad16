import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { register } from 'prom-client';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { PoolMetricsModule } from '../../../lib/entries/prometheus.js';
import { PoolService } from '../../../lib/index.js';
import { settled } from '../../support/settled.js';
import { startApp } from '../nest/support.js';
import { asyncPool, oneApp, poolsModule, prometheus, scrape } from './support.js';

afterEach(() => register.clear());

const BY_TASK = ['pool_submitted_total', 'pool_completed_total', 'pool_errors_total', 'pool_dropped_total'];

describe('taskLabel (O1)', () => {
  test('tells the tasks of a pool apart, and their sums are its counts', async () => {
    const tasks = {
      good: async () => undefined,
      bad: async () => {
        throw new Error('bad');
      },
    };
    const app = await startApp(oneApp({ taskLabel: true }, { tasks }));
    const service = app.get(PoolService);
    const calls = ['good', 'bad', 'good', 'bad', 'good'].map((task) => settled(service.get('main').run(task)));
    const cancelled = new AbortController();
    calls.push(settled(service.get('main').run('good', [], { signal: cancelled.signal })));
    cancelled.abort();
    await Promise.all(calls);
    const { find, value } = await scrape();
    expect([value('pool_completed_total', { task: 'good' }), value('pool_errors_total', { task: 'bad' })]).toEqual([
      3, 2,
    ]);
    expect(value('pool_cancelled_total', { pool: 'main', task: 'good' })).toBe(1);
    expect(value('pool_process_seconds_count', { task: 'bad' })).toBe(2);
    const { counters, load } = service.snapshot('main');
    const sum = (name: string) => find(name).reduce((total, { value }) => total + value, 0);
    expect(BY_TASK.map(sum)).toEqual([counters.submitted, counters.completed, counters.failed, counters.dropped]);
    expect([sum('pool_wait_seconds_count'), sum('pool_process_seconds_count')]).toEqual([load.started, load.served]);
    for (const name of BY_TASK) for (const { labels } of find(name)) expect(labels).toHaveProperty('task');
    for (const name of ['pool_size', 'pool_refused_total']) expect(find(name)[0]!.labels).toEqual({ pool: 'main' });
  });
});

describe('names of pools and of tasks (O1)', () => {
  const HOSTILE = [
    'quote " and \\ backslash',
    'new\nline',
    '\\n is no new line',
    'ends in \\',
    '"} 1\npool_size{pool="forged"} 99',
    '{}=,',
    '__proto__',
    '<script>alert(1)</script>',
    'ünï © 😀 \u2028 \t',
    'x'.repeat(2_000),
  ];

  test('come out as they are, whatever they are', async () => {
    const tasks = Object.fromEntries(HOSTILE.map((name) => [name, async () => undefined]));
    Object.defineProperty(tasks, '__proto__', { value: async () => undefined, enumerable: true });
    const pools = Object.fromEntries(HOSTILE.map((name) => [name, asyncPool({ tasks })]));
    Object.defineProperty(pools, '__proto__', { value: asyncPool({ tasks }), enumerable: true });
    const metrics = PoolMetricsModule.register({ taskLabel: true });
    const app = await startApp({ imports: [poolsModule(pools), prometheus(), metrics] });
    const service = app.get(PoolService);
    for (const pool of service.pools()) await Promise.all(HOSTILE.map((task) => service.get(pool).run(task)));
    const { find } = await scrape();
    expect(find('pool_size').map(({ labels }) => labels)).toEqual(service.pools().map((pool) => ({ pool })));
    expect(service.pools().sort()).toEqual([...HOSTILE].sort());
    for (const pool of HOSTILE) {
      for (const name of ['pool_completed_total', 'pool_process_seconds_count']) {
        const told = find(name, { pool });
        expect(told.map(({ labels }) => labels['task']).sort()).toEqual([...HOSTILE].sort());
        expect(told.every(({ value }) => value === 1)).toBe(true);
      }
    }
  });
});

describe('inside a worker (O1)', () => {
  test('the module is inert: neither metrics nor a port, also where the worker boots the whole application', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void free.close());
    await once(free, 'listening');
    const { port } = free.address() as AddressInfo;
    free.close();
    await once(free, 'close');
    vi.stubEnv('METRICS_PORT', String(port));
    const { MeteredAppModule, MeteredService } = await import('../../fixtures/nest/metered-app.module.js');
    const app = await startApp({ imports: [MeteredAppModule] });
    expect(await app.get(MeteredService).metrics()).toEqual({ isMainThread: false, names: [] });
    const response = await fetch(`http://127.0.0.1:${port}/metrics`);
    expect(await response.text()).toContain('pool_completed_total{pool="main"} 1\n');
  });
});
