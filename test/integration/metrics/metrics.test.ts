import { ScheduleModule } from '@nestjs/schedule';
import { register } from 'prom-client';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { METRIC_NAMES, METRICS, PoolMetricsModule, type MetricName } from '../../../lib/entries/prometheus.js';
import { PoolService } from '../../../lib/index.js';
import { parseExposition } from '../../support/exposition.js';
import { settled } from '../../support/settled.js';
import { listen, startApp } from '../nest/support.js';
import { asyncPool, Hand, oneApp, poolsModule, prometheus, scrape } from './support.js';

afterEach(() => register.clear());

/** Metrics that a pool without an autoscaler, or without threads, does not have. */
const AUTOSCALED: MetricName[] = [
  'pool_decisions_total',
  'pool_autoscaler_faults_total',
  'pool_autoscaler_up',
  'pool_objective_seconds',
];
const THREADED: MetricName = 'pool_worker_event_loop_delay_seconds';

describe("an application's /metrics (O1)", () => {
  test('tells every metric of the table, with its type, its help and its labels, and none besides', async () => {
    const imports = [
      poolsModule({ main: asyncPool({ scaling: 'adaptive' }) }),
      ScheduleModule.forRoot(),
      prometheus(),
      PoolMetricsModule.register(),
    ];
    const at = await listen(await startApp({ imports }));
    const response = await fetch(at('/metrics'));
    expect(response.headers.get('content-type')).toContain('text/plain');
    const { types, helps, series } = parseExposition(await response.text());
    expect([...types.keys()].sort()).toEqual([...METRIC_NAMES].sort());
    for (const name of METRIC_NAMES) {
      const { type, help, labels } = METRICS[name];
      expect([types.get(name), helps.get(name)]).toEqual([type, help]);
      const own = series.filter((one) => one.name.replace(/_(bucket|sum|count)$/, '') === name);
      if (name !== THREADED) expect(own.length).toBeGreaterThan(0);
      for (const one of own) {
        expect(
          Object.keys(one.labels)
            .filter((label) => label !== 'le')
            .sort(),
        ).toEqual([...labels].sort());
      }
    }
  });

  test('tells what the snapshot says, at that instant', async () => {
    const hand = new Hand();
    const queue = { capacity: 2, overflow: 'drop-oldest' } as const;
    const app = await startApp(oneApp({}, { tasks: { hand: hand.task }, queue, size: { min: 2, max: 4 } }));
    const service = app.get(PoolService);
    const pool = service.get('main');
    const ends = Array.from({ length: 6 }, () => settled(pool.run('hand')));
    await expect.poll(() => service.snapshot('main').busy).toBe(2);
    await service.resize('main', 3);
    await expect.poll(() => service.snapshot('main').busy).toBe(3);
    hand.endAll();
    await expect.poll(() => service.snapshot('main').busy).toBe(1);
    hand.failAll();
    await Promise.all(ends);
    const controller = new AbortController();
    const running = [settled(pool.run('hand')), settled(pool.run('hand', [], { signal: controller.signal }))];
    await expect.poll(() => service.snapshot('main').busy).toBe(2);
    controller.abort();

    const text = scrape();
    const { size, busy, queueDepth, target, max, counters, load } = service.snapshot('main');
    const { wait, service: served } = service.histograms('main');
    const { find, value } = await text;
    const told = (name: string, labels = {}) => value(name, { pool: 'main', ...labels });
    expect({
      size: told('pool_size'),
      busy: told('pool_busy'),
      queueDepth: told('pool_queue_depth'),
      target: told('pool_target'),
      max: told('pool_max'),
      utilization: told('pool_utilization_ratio'),
      counters: {
        submitted: told('pool_submitted_total'),
        completed: told('pool_completed_total'),
        failed: told('pool_errors_total'),
        cancelled: told('pool_cancelled_total'),
        dropped: told('pool_dropped_total'),
        refused: told('pool_refused_total'),
        retried: told('pool_retried_total'),
        crashes: told('pool_worker_crashes_total'),
        resizes: {
          up: told('pool_resizes_total', { direction: 'up' }),
          down: told('pool_resizes_total', { direction: 'down' }),
        },
      },
      started: told('pool_wait_seconds_count'),
      served: told('pool_process_seconds_count'),
      waitSum: told('pool_wait_seconds_sum'),
      serviceSum: told('pool_process_seconds_sum'),
    }).toEqual({
      size,
      busy,
      queueDepth,
      target,
      max,
      utilization: busy / max,
      counters,
      started: load.started,
      served: load.served,
      waitSum: wait.sumMs / 1_000,
      serviceSum: served.sumMs / 1_000,
    });
    expect(counters).toMatchObject({ submitted: 8, completed: 3, failed: 1, cancelled: 1, dropped: 2 });
    expect(find('pool_wait_seconds_bucket').map(({ labels }) => labels['le'])).toEqual(
      '0.001 0.0025 0.005 0.01 0.025 0.05 0.1 0.25 0.5 1 2.5 5 10 30 +Inf'.split(' '),
    );
    expect(find('pool_process_seconds_bucket').map(({ value }) => value)).toEqual([...served.counts, served.count]);
    for (const name of [...AUTOSCALED, THREADED]) expect(find(name)).toEqual([]);
    hand.endAll();
    await Promise.all(running);
  });

  test('counts calls that a full queue turned away, which were never submitted', async () => {
    const hand = new Hand();
    const app = await startApp(oneApp({}, { tasks: { hand: hand.task }, size: { max: 1 }, queue: { capacity: 1 } }));
    const pool = app.get(PoolService).get('main');
    const ends = Array.from({ length: 5 }, () => settled(pool.run('hand')));
    const { value } = await scrape();
    expect([value('pool_refused_total'), value('pool_submitted_total')]).toEqual([3, 2]);
    await expect.poll(() => pool.snapshot().busy).toBe(1);
    hand.endAll();
    await ends[0];
    await expect.poll(() => pool.snapshot().busy).toBe(1);
    hand.endAll();
    await Promise.all(ends);
  });

  test('reads each pool once for all its metrics, and anew for the next scrape', async () => {
    const pools = poolsModule({ one: asyncPool(), two: asyncPool() });
    const app = await startApp({ imports: [pools, prometheus(), PoolMetricsModule.register()] });
    const service = app.get(PoolService);
    const [snapshots, histograms] = [vi.spyOn(service, 'snapshot'), vi.spyOn(service, 'histograms')];
    await scrape();
    expect([snapshots.mock.calls, histograms.mock.calls]).toEqual([
      [['one'], ['two']],
      [['one'], ['two']],
    ]);
    await service.get('one').run('noop');
    const { value } = await scrape();
    expect(snapshots).toHaveBeenCalledTimes(4);
    expect([value('pool_completed_total', { pool: 'one' }), value('pool_completed_total', { pool: 'two' })]).toEqual([
      1, 0,
    ]);
  });

  test('tells the objective of an autoscaler, its faults, and each of its decisions', async () => {
    const decider = { decide: () => ({ target: 3, why: 'three it is' }), needs: [] };
    const scaling = { policy: { decider }, objectiveMs: 250, tickMs: 20 };
    const imports = [
      poolsModule({ main: asyncPool({ scaling }) }),
      ScheduleModule.forRoot(),
      prometheus(),
      PoolMetricsModule.register(),
    ];
    const service = (await startApp({ imports })).get(PoolService);
    await expect.poll(() => service.snapshot('main').target).toBe(3);
    const { value } = await scrape();
    expect([value('pool_objective_seconds'), value('pool_autoscaler_faults_total')]).toEqual([0.25, 0]);
    expect(value('pool_resizes_total', { direction: 'up' })).toBe(1);
    expect(value('pool_decisions_total', { outcome: 'applied' })).toBe(1);
  });

  test('tells whether an autoscaler works: a frozen one does not', async () => {
    let isBroken = false;
    const decide = () => (isBroken ? expect.unreachable('broken') : { target: 1, why: 'one it is' });
    const scaling = { policy: { decider: { decide, needs: [] } }, tickMs: 20, onFault: 'freeze' } as const;
    const imports = [
      poolsModule({ main: asyncPool({ scaling }) }),
      ScheduleModule.forRoot(),
      prometheus(),
      PoolMetricsModule.register(),
    ];
    const service = (await startApp({ imports })).get(PoolService);
    expect((await scrape()).value('pool_autoscaler_up')).toBe(1);
    isBroken = true;
    await expect.poll(() => service.autoscaler('main')!.state).toBe('frozen');
    expect((await scrape()).value('pool_autoscaler_up')).toBe(0);
  });

  test('tells the event-loop delay of each thread that was measured', async () => {
    const tasks = new URL('../../fixtures/tasks/basics.js', import.meta.url);
    const main = { tasks, size: { min: 2, max: 2 }, scaling: false } as const;
    const app = await startApp({ imports: [poolsModule({ main }), prometheus(), PoolMetricsModule.register()] });
    const service = app.get(PoolService);
    await expect
      .poll(() => service.snapshot('main').workers.every(({ loopDelayMs }) => loopDelayMs > 0), { timeout: 10_000 })
      .toBe(true);
    const text = scrape();
    const { workers } = service.snapshot('main');
    const { find } = await text;
    expect(find('pool_worker_event_loop_delay_seconds').map(({ labels }) => labels)).toEqual(
      workers.map(({ id }) => ({ pool: 'main', worker: String(id) })),
    );
    for (const { value } of find('pool_worker_event_loop_delay_seconds')) expect(value).toBeGreaterThan(0);
  });
});
