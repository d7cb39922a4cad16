import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ScheduleModule } from '@nestjs/schedule';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { METRIC_NAMES, METRICS, PoolMetricsModule, type MetricName } from '../../lib/entries/prometheus.js';
import { DynamicPoolModule, PoolService, type Pool } from '../../lib/index.js';
import { Remembering } from '../integration/nest/support.js';
import { findProgram } from '../support/debian-tools.js';
import { settled } from '../support/settled.js';
import { startPrometheus, type PrometheusServer, type QueryValue } from './prometheus-server.js';

const HOSTILE = 'a "quoted"\\pool\nof two lines {job="forged"}';
const SCRAPES_UNDER_LOAD = 3;

const program = findProgram('prometheus');

describe.skipIf(program === null)('a real Prometheus that scrapes an application under load (O1)', () => {
  let app: INestApplication;
  let tasksApp: INestApplication;
  let service: PoolService;
  let prometheus: PrometheusServer;
  let exits: string[];
  let url: string;

  const all = (job: string) => (name: string) => prometheus.query(`{__name__="${name}",job="${job}"}`);
  const scrapes = async () => (await prometheus.query('count_over_time(pool_size{job="app",pool="work"}[5m])'))[0];

  beforeAll(async () => {
    app = await NestFactory.create(
      {
        imports: [
          DynamicPoolModule.forRoot({
            pools: {
              work: {
                tasks: new URL('../fixtures/tasks/basics.js', import.meta.url),
                size: { min: 1, max: 3 },
                queue: { capacity: 32 },
                scaling: { policy: 'balanced', objectiveMs: 20 },
              },
              [HOSTILE]: {
                kind: 'async',
                tasks: { nap: () => new Promise((resolve) => setTimeout(resolve, 5)) },
                size: { max: 2 },
                queue: { capacity: 4, overflow: 'drop-oldest' },
                scaling: false,
              },
            },
          }),
          ScheduleModule.forRoot(),
          PrometheusModule.register({ defaultLabels: { app: 'shop' } }),
          PoolMetricsModule.register(),
        ],
      },
      { logger: false },
    );
    await app.listen(0, '127.0.0.1');
    url = `${await app.getUrl()}/metrics`;
    service = app.get(PoolService);
    exits = [];
    service.get('work').on('workerExited', ({ reason }) => exits.push(reason));

    const logger = new Remembering();
    tasksApp = await NestFactory.create(
      {
        imports: [
          DynamicPoolModule.forRoot({
            pools: {
              tasks: { kind: 'async', tasks: { [HOSTILE]: () => 1, plain: () => 2 }, size: { max: 1 }, scaling: false },
            },
          }),
          PoolMetricsModule.register({ port: 0, registry: new Registry(), taskLabel: true, prefix: 'own' }),
        ],
      },
      { logger },
    );
    await tasksApp.init();
    const [served] = logger.lines.flatMap(({ message }) => /served at (\S+)/.exec(String(message)) ?? []).slice(1);
    prometheus = await startPrometheus(program!, { app: url, tasks: served! });
  });

  afterAll(async () => {
    await prometheus?.stop();
    await tasksApp?.close();
    await app?.close();
  });

  it('is told, for each metric, what the snapshot says', async () => {
    for (let round = 0; ((await scrapes())?.value ?? 0) < SCRAPES_UNDER_LOAD; round++) {
      await Promise.all([...busyRound(service.get('work'), round), ...napRound(service.get(HOSTILE))]);
    }
    await service.resize('work', 2, { reason: 'quiet' });
    await expect
      .poll(() => compared(), { timeout: 20_000, interval: 500 })
      .toEqual(Object.fromEntries(METRIC_NAMES.map((name) => [name, 'as the snapshot says'])));
    const { counters } = service.snapshot('work');
    for (const count of [counters.completed, counters.failed, counters.cancelled, counters.refused, counters.crashes]) {
      expect(count).toBeGreaterThan(0);
    }
    expect(service.snapshot(HOSTILE).counters.dropped).toBeGreaterThan(0);
  }, 60_000);

  it('finds the tasks apart, on a port of their own and under a prefix', async () => {
    for (let call = 0; call < 7; call++)
      await tasksApp
        .get(PoolService)
        .get('tasks')
        .run(call < 5 ? HOSTILE : 'plain');
    await expect
      .poll(() => all('tasks')('own_pool_completed_total'), { timeout: 10_000, interval: 200 })
      .toEqual([
        { labels: { pool: 'tasks', task: HOSTILE }, value: 5 },
        { labels: { pool: 'tasks', task: 'plain' }, value: 2 },
      ]);
    const [sum] = await prometheus.query('sum by (pool) (own_pool_process_seconds_count)');
    expect(sum).toEqual({ labels: { pool: 'tasks' }, value: 7 });
  }, 20_000);

  it('answers every query that docs/metrics.md shows', async () => {
    const page = readFileSync('docs/metrics.md', 'utf8');
    const queries = [...page.matchAll(/```promql\n([\s\S]*?)```/g)].flatMap(([, block]) => block!.trim().split('\n\n'));
    expect(queries.length).toBeGreaterThan(5);
    for (const promql of queries) {
      const answer = await prometheus.query(promql);
      expect([promql, answer.length > 0]).toEqual([promql, true]);
    }
  });

  it('has nothing to object to in what it is told: promtool check metrics', async () => {
    const text = await (await fetch(url)).text();
    const own = text.split('\n\n').filter((metric) => metric.includes('# TYPE pool_'));
    expect(own).toHaveLength(METRIC_NAMES.length);
    const told = await new Promise<string>((resolve, reject) => {
      const check = execFile('promtool', ['check', 'metrics'], (error, stdout, stderr) =>
        error ? reject(new Error(stdout + stderr)) : resolve(stdout + stderr),
      );
      check.stdin!.end(`${own.join('\n')}\n`);
    });
    expect(told).toBe('');
  });

  /** For each metric what Prometheus tells otherwise than the pools do. */
  async function compared(): Promise<Record<string, unknown>> {
    const told = new Map<string, readonly QueryValue[]>();
    for (const name of METRIC_NAMES) {
      const parts = METRICS[name].type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
      for (const part of parts) told.set(name + part, await all('app')(name + part));
    }
    return Object.fromEntries(
      METRIC_NAMES.map((name) => {
        const differences = Object.entries(expectedOf(name)).flatMap(([full, expected]) => {
          const found = asTable(told.get(full)!);
          return JSON.stringify(found) === JSON.stringify(asTable(expected)) ? [] : [{ full, found, expected }];
        });
        return [name, differences.length === 0 ? 'as the snapshot says' : differences];
      }),
    );
  }

  function expectedOf(name: MetricName): Record<string, QueryValue[]> {
    const pools = ['work', HOSTILE];
    const of = (value: (pool: string) => number) => pools.map((pool) => ({ labels: { pool }, value: value(pool) }));
    const by = (label: string, values: (pool: string) => Record<string, number>, among = pools) =>
      among.flatMap((pool) =>
        Object.entries(values(pool)).map(([key, value]) => ({ labels: { pool, [label]: key }, value })),
      );
    const snapshot = (pool: string) => service.snapshot(pool);
    const counter = (
      key: 'submitted' | 'completed' | 'dropped' | 'refused' | 'failed' | 'cancelled' | 'crashes' | 'retried',
    ) => of((pool) => snapshot(pool).counters[key]);
    const histogram = (key: 'wait' | 'service') => ({
      [`${name}_count`]: of((pool) => (key === 'wait' ? snapshot(pool).load.started : snapshot(pool).load.served)),
      [`${name}_sum`]: of((pool) => service.histograms(pool)[key].sumMs / 1_000),
      [`${name}_bucket`]: by('le', (pool) => {
        const { boundsMs, counts, count } = service.histograms(pool)[key];
        return { ...Object.fromEntries(boundsMs.map((ms, i) => [String(ms / 1_000), counts[i]!])), '+Inf': count };
      }),
    });
    const expected: Record<MetricName, () => QueryValue[] | Record<string, QueryValue[]>> = {
      pool_size: () => of((pool) => snapshot(pool).size),
      pool_busy: () => of((pool) => snapshot(pool).busy),
      pool_queue_depth: () => of((pool) => snapshot(pool).queueDepth),
      pool_target: () => of((pool) => snapshot(pool).target),
      pool_max: () => of((pool) => snapshot(pool).max),
      pool_utilization_ratio: () => of((pool) => snapshot(pool).busy / snapshot(pool).max),
      pool_wait_seconds: () => histogram('wait'),
      pool_process_seconds: () => histogram('service'),
      pool_submitted_total: () => counter('submitted'),
      pool_completed_total: () => counter('completed'),
      pool_dropped_total: () => counter('dropped'),
      pool_refused_total: () => counter('refused'),
      pool_errors_total: () => counter('failed'),
      pool_cancelled_total: () => counter('cancelled'),
      pool_worker_crashes_total: () => counter('crashes'),
      pool_retried_total: () => counter('retried'),
      pool_quarantined: () => of((pool) => service.quarantined(pool).length),
      pool_resizes_total: () => by('direction', (pool) => ({ ...snapshot(pool).counters.resizes })),
      pool_decisions_total: () => by('outcome', decisions, ['work']),
      pool_worker_exits_total: () =>
        by('reason', (pool) => (pool === 'work' ? tally(REASONS, exits) : tally(REASONS, []))),
      pool_autoscaler_faults_total: () => [{ labels: { pool: 'work' }, value: service.autoscaler('work')!.faults }],
      pool_autoscaler_up: () => [{ labels: { pool: 'work' }, value: 1 }],
      pool_oldest_wait_seconds: () => of((pool) => snapshot(pool).wait.oldest / 1_000),
      pool_objective_seconds: () => [{ labels: { pool: 'work' }, value: 0.02 }],
      pool_worker_event_loop_delay_seconds: () =>
        snapshot('work').workers.map(({ id, loopDelayMs }) => ({
          labels: { pool: 'work', worker: String(id) },
          value: loopDelayMs / 1_000,
        })),
    };
    const found = expected[name]();
    return Array.isArray(found) ? { [name]: found } : found;
  }

  function decisions(pool: string): Record<string, number> {
    const outcomes = service
      .decisions(pool)
      .map(({ from, to, heldBy }) => (to !== from ? 'applied' : heldBy === null ? 'unchanged' : 'held'));
    return tally(['applied', 'held', 'unchanged'], outcomes);
  }
});

const REASONS = ['shrunk', 'idle', 'recycled', 'aborted', 'crashed', 'closed'];

function tally(kinds: readonly string[], found: readonly string[]): Record<string, number> {
  return Object.fromEntries(kinds.map((kind) => [kind, found.filter((one) => one === kind).length]));
}

/** What is told is told with the application's default label. */
function asTable(values: readonly QueryValue[]): unknown[] {
  return values
    .map(({ labels, value }) => [JSON.stringify(Object.entries({ ...labels, app: 'shop' }).sort()), value] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Tasks of all kinds, more than there is room for: they end well, fail, are cancelled, are refused, kill their thread. */
function busyRound(pool: Pool, round: number): Promise<void>[] {
  const controller = new AbortController();
  const calls = [
    pool.run('fail', ['on purpose']),
    pool.run('sleep', [1_000], { signal: controller.signal }),
    ...(round === 1 ? [pool.run('exit', [1])] : []),
    ...Array.from({ length: 40 }, (_, i) => pool.run('spin', [i % 10])),
  ];
  controller.abort();
  return calls.map(settled);
}

function napRound(pool: Pool): Promise<void>[] {
  return Array.from({ length: 8 }, () => settled(pool.run('nap')));
}
