import { setEnvironmentData } from 'node:worker_threads';
import type { ModuleMetadata } from '@nestjs/common';
import { ScheduleModule, SchedulerRegistry } from '@nestjs/schedule';
import type { HealthCheckResult } from '@nestjs/terminus';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { PoolHealthIndicator, PoolHealthModule } from '../../../lib/entries/terminus.js';
import { DynamicPoolModule, PoolConfigError, PoolService, type DynamicPoolModuleOptions } from '../../../lib/index.js';
import { BusyService } from '../../fixtures/nest/busy.service.js';
import { HealthAppModule, ProbingService } from '../../fixtures/nest/health-app.module.js';
import { checks, ProbesController, quietTerminus } from '../../fixtures/nest/probes.controller.js';
import { createApp, failure, listen, onePool, startApp } from '../nest/support.js';

const PATIENCE = { timeout: 15_000, interval: 10 };

afterEach(() => {
  checks.options = {};
});

interface Answer {
  status: number;
  body: HealthCheckResult;
}

/** An application whose probes answer over HTTP. */
async function serve(imports: NonNullable<ModuleMetadata['imports']>, rest: ModuleMetadata = {}) {
  const app = await createApp({
    imports: [...imports, quietTerminus, PoolHealthModule],
    controllers: [ProbesController],
    ...rest,
  });
  const url = await listen(app);
  return { app, probe: prober(url), pools: app.get(PoolService), busy: () => app.get(BusyService) };
}

function prober(url: (path: string) => string) {
  return async (path: string): Promise<Answer> => {
    const response = await fetch(url(path), { headers: { connection: 'close' } });
    return { status: response.status, body: (await response.json()) as HealthCheckResult };
  };
}

function scaled(scaling: DynamicPoolModuleOptions['pools'][string]['scaling'] = {}) {
  const size = { max: 2 };
  return [ScheduleModule.forRoot(), DynamicPoolModule.forRoot({ pools: { main: { size, scaling }, other: { size } } })];
}

function gateClosed() {
  const gate = new Int32Array(new SharedArrayBuffer(4));
  const open = () => {
    gate[0] = 1;
    Atomics.notify(gate, 0);
  };
  onTestFinished(open);
  return { gate, open };
}

const withBusy = { providers: [BusyService] };

describe('health over HTTP, by Terminus (U5, O3)', () => {
  test('all is well: 200, and what each pool and each autoscaler is like', async () => {
    const { probe } = await serve(scaled(), withBusy);
    expect(await probe('/ready')).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(await probe('/live')).toMatchObject({ status: 200, body: { status: 'ok' } });
    const { body: pools } = await probe('/pools');
    expect(pools.details['pool:main']).toEqual({
      status: 'up',
      state: 'open',
      size: 1,
      target: 1,
      max: 2,
      busy: 0,
      queueDepth: 0,
      reasons: [],
    });
    const { body: autoscalers } = await probe('/autoscalers');
    expect(Object.keys(autoscalers.details)).toEqual(['dynamic-pool:main', 'dynamic-pool:other']);
    expect(autoscalers.details['dynamic-pool:main']).toMatchObject({ status: 'up', state: 'running', faults: 0 });
  });

  test('overload makes readiness degraded with 200, and leaves liveness alone', async () => {
    const { gate, open } = gateClosed();
    const { probe, pools, busy } = await serve([onePool({ queue: { capacity: 5 } })], withBusy);
    const running = new Promise((resolve) => pools.get('main').on('started', resolve));
    const held = Array.from({ length: 5 }, () => busy().hold(gate));
    await running;
    const reason = "pool 'main': its queue is 80 % full: 4 tasks of at most 5";
    const pool = { status: 'degraded', reasons: [reason] };
    expect(await probe('/ready')).toEqual({
      status: 200,
      body: { status: 'degraded', info: { pools: pool }, error: {}, details: { pools: pool } },
    });
    expect(await probe('/pools')).toMatchObject({ status: 200, body: { status: 'degraded' } });
    expect(await probe('/live')).toMatchObject({ status: 200, body: { status: 'ok' } });
    open();
    await Promise.all(held);
    expect(await probe('/ready')).toMatchObject({ status: 200, body: { status: 'ok' } });
  });

  test('a closed pool is down with 503, for readiness and liveness', async () => {
    const { probe, pools } = await serve([onePool()], withBusy);
    await pools.get('main').close();
    const down = { status: 503, body: { status: 'error', error: { pools: { status: 'down' } } } };
    expect(await probe('/ready')).toMatchObject(down);
    const { body, ...live } = await probe('/live');
    expect({ ...live, body }).toMatchObject(down);
    expect(body.details.pools!.reasons).toEqual(["pool 'main': the pool is closed"]);
  });

  test('an autoscaler whose interval was deleted is down with 503; its pool serves, so the process may live', async () => {
    const { app, probe } = await serve(scaled(), withBusy);
    app.get(SchedulerRegistry).deleteInterval('dynamic-pool:main');
    const reason = 'its autoscaler has no ticks any more';
    const ready = await probe('/ready');
    expect([ready.status, ready.body.error!.pools!.reasons]).toEqual([503, [`pool 'main': ${reason}`]]);
    const { status, body } = await probe('/autoscalers');
    expect([status, Object.keys(body.error!), Object.keys(body.info!)]).toEqual([
      503,
      ['dynamic-pool:main'],
      ['dynamic-pool:other'],
    ]);
    expect(body.error!['dynamic-pool:main']).toMatchObject({ state: 'stopped', reasons: [reason] });
    expect((await probe('/live')).status).toBe(200);
  });

  test('a frozen autoscaler is down with 503, with the fault; one that tries again is degraded with 200', async () => {
    const broken = { decide: () => expect.unreachable('division by zero') };
    for (const [onFault, state, expected, status] of [
      ['freeze', 'frozen', 503, 'error'],
      ['retry', 'retrying', 200, 'degraded'],
    ] as const) {
      const { probe, pools } = await serve(scaled({ policy: { decider: broken }, tickMs: 10, onFault }), withBusy);
      await vi.waitUntil(() => pools.autoscaler('main')!.state === state, PATIENCE);
      const ready = await probe('/ready');
      expect(ready).toMatchObject({ status: expected, body: { status } });
      expect(JSON.stringify(ready.body.details)).toContain('division by zero');
      expect(await probe('/autoscalers')).toMatchObject({ status: expected, body: { status } });
    }
  });

  test('a crash loop is degraded with 200', async () => {
    const tasks = new URL('../../fixtures/tasks/crashes.js', import.meta.url);
    const { probe, pools } = await serve([onePool({ tasks })]);
    const pool = pools.get('main');
    for (let crash = 0; crash < 3; crash++) await failure(pool.run('exit', [1]));
    expect(await pool.run('ok')).toBe('ok');
    const { status, body } = await probe('/ready');
    expect([status, body.status]).toEqual([200, 'degraded']);
    expect(body.details.pools!.reasons).toEqual(["pool 'main': 3 workers crashed within 60 s"]);
    checks.options = { crashLoop: { crashes: 4 } };
    expect((await probe('/ready')).body.status).toBe('ok');
  });

  test('a stall is degraded with 200; where it means down, liveness answers 503 until a task ends', async () => {
    const { gate, open } = gateClosed();
    const { probe, busy } = await serve([onePool()], withBusy);
    const held = busy().hold(gate);
    checks.options = { stalledAfterMs: 50 };
    await vi.waitUntil(async () => (await probe('/ready')).body.status === 'degraded', PATIENCE);
    expect((await probe('/ready')).status).toBe(200);
    expect(await probe('/live')).toMatchObject({ status: 200, body: { status: 'ok' } });
    checks.options = { stalledAfterMs: 50, means: { stalled: 'down' } };
    const { status, body } = await probe('/live');
    expect(status).toBe(503);
    expect(body.error!.pools!.reasons).toEqual([
      expect.stringMatching(/^pool 'main': no task has ended for .+, with 1 worker busy and 0 tasks waiting$/),
    ]);
    open();
    await held;
    expect((await probe('/live')).status).toBe(200);
  });

  test('readiness goes 503 first on shutdown, while a running task still finishes', async () => {
    const { gate, open } = gateClosed();
    const { app, probe, pools, busy } = await serve([onePool()], withBusy);
    const running = new Promise((resolve) => pools.get('main').on('started', resolve));
    const held = busy().hold(gate);
    await running;
    expect((await probe('/ready')).status).toBe(200);

    const closing = app.close();
    await vi.waitUntil(async () => (await probe('/ready')).status === 503, PATIENCE);
    expect(pools.snapshot('main').busy).toBe(1);
    await vi.waitUntil(() => pools.snapshot('main').state === 'draining', PATIENCE);
    const { status, body } = await probe('/ready');
    expect([status, body.details.pools]).toEqual([
      503,
      { status: 'down', reasons: ['the application is shutting down', "pool 'main': the pool is draining"] },
    ]);
    // Terminus itself answers every check with 503 by now; the pools are no reason to kill the process.
    expect((await probe('/live')).body.details.pools).toEqual({ status: 'up', reasons: [] });
    open();
    await held;
    await closing;
    expect(pools.snapshot('main')).toMatchObject({ state: 'closed', counters: { completed: 1, cancelled: 0 } });
  });

  test('readiness is off before the pools begin to drain', async () => {
    const { app, pools } = await serve([onePool()], withBusy);
    const health = app.get(PoolHealthIndicator);
    const seen: unknown[] = [];
    const pool = pools.get('main');
    const { close } = pool;
    pool.close = (...args) => {
      seen.push(pool.snapshot().state, health.isReady().pools!.status);
      return close.apply(pool, args);
    };
    await app.close();
    expect(seen).toEqual(['open', 'down']);
  });

  test('warm-up keeps liveness up; readiness waits for the workers', async () => {
    const memory = new SharedArrayBuffer(4);
    setEnvironmentData('boot-barrier', { memory, expected: 2 } as never);
    onTestFinished(() => setEnvironmentData('boot-barrier', undefined as never));
    const tasks = new URL('../../fixtures/tasks/boot-barrier.js', import.meta.url);
    const app = await createApp({ imports: [onePool({ tasks }), PoolHealthModule] });
    // Nest serves no HTTP before its modules are up; who wants probes before that serves them on a port of their own.
    const useValue = app.get(PoolHealthIndicator);
    const probes = await createApp({
      imports: [quietTerminus],
      controllers: [ProbesController],
      providers: [{ provide: PoolHealthIndicator, useValue }],
    });
    const probe = prober(await listen(probes));

    const starting = app.init();
    const arrived = new Int32Array(memory);
    await vi.waitUntil(() => Atomics.load(arrived, 0) === 1, PATIENCE);
    expect(app.get(PoolService).snapshot('main')).toMatchObject({ starting: 1, live: 0 });
    expect(await probe('/live')).toMatchObject({ status: 200, body: { status: 'ok' } });
    const notYet = await probe('/ready');
    expect([notYet.status, notYet.body.error!.pools!.reasons]).toEqual([503, ['the pools are not up yet']]);

    Atomics.add(arrived, 0, 1);
    Atomics.notify(arrived, 0);
    await starting;
    expect(await probe('/ready')).toMatchObject({ status: 200, body: { status: 'ok' } });
  });
});

describe('PoolHealthModule', () => {
  test('finds pools that are not global', async () => {
    const { probe } = await serve([onePool({}, { isGlobal: false })], withBusy);
    expect((await probe('/ready')).status).toBe(200);
  });

  test('refuses to start in an application without pools', async () => {
    const error = await failure(startApp({ imports: [PoolHealthModule] }));
    expect(error).toBeInstanceOf(PoolConfigError);
    expect(error.message).toContain('Import DynamicPoolModule.forRoot(');
  });

  test('is inert inside a worker, whether its module opens the pools or not', async () => {
    const app = await startApp({ imports: [HealthAppModule] });
    const refusal = /^pool 'main' cannot be used inside a worker/;
    expect(await app.get(ProbingService).probeInside()).toMatch(refusal);

    const file = new URL('../../fixtures/nest/health-app.module.js', import.meta.url);
    const other = await startApp({
      imports: [onePool({ workerModule: { file, export: 'NoPoolsModule' } }), PoolHealthModule],
      providers: [ProbingService],
    });
    expect(await other.get(ProbingService).probeInside()).toMatch(refusal);
  });
});
