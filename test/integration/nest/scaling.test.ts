import { ScheduleModule, SchedulerRegistry } from '@nestjs/schedule';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  DynamicPoolModule,
  PoolConfigError,
  PoolService,
  type Decider,
  type Decision,
  type DynamicPoolModuleOptions,
} from '../../../lib/index.js';
import { BusyService } from '../../fixtures/nest/busy.service.js';
import { failure, Remembering, startApp, createApp } from './support.js';

const TICK_MS = 10;

/** Wants as many workers as it is told to. */
class Wish implements Decider {
  constructor(public target: number) {}

  decide() {
    return { target: this.target, why: `somebody wishes for ${this.target}` };
  }
}

function pools(scaling: DynamicPoolModuleOptions['pools'][string]['scaling'], size = { max: 3 }) {
  return DynamicPoolModule.forRoot({ pools: { main: { size, scaling } } });
}

/** On a busy machine threads take their time. */
function until(isMet: () => boolean): Promise<boolean> {
  return vi.waitUntil(isMet, { timeout: 20_000, interval: 5 });
}

function gateClosed(): Int32Array {
  const gate = new Int32Array(new SharedArrayBuffer(4));
  onTestFinished(() => {
    gate[0] = 1;
    Atomics.notify(gate, 0);
  });
  return gate;
}

describe('pools that size themselves in an application (U3)', () => {
  test('each has an interval of its own in the SchedulerRegistry, and none is left after the end', async () => {
    const wish = new Wish(2);
    const imports = [
      ScheduleModule.forRoot(),
      DynamicPoolModule.forRoot({
        pools: {
          main: { size: { max: 3 }, scaling: { policy: { decider: wish }, tickMs: TICK_MS } },
          other: { size: { max: 2 } },
          fixed: { size: { max: 2 }, scaling: false },
        },
      }),
    ];
    const app = await startApp({ imports, providers: [BusyService] });
    const registry = app.get(SchedulerRegistry);
    expect(registry.getIntervals()).toEqual(['dynamic-pool:main', 'dynamic-pool:other']);
    await until(() => app.get(PoolService).snapshot('main').live === 2);
    await app.close();
    expect(registry.getIntervals()).toEqual([]);
  });

  test('who deletes the interval stops that autoscaler, and its health says so', async () => {
    const wish = new Wish(2);
    const scaling = { policy: { decider: wish }, tickMs: TICK_MS };
    const app = await startApp({ imports: [ScheduleModule.forRoot(), pools(scaling)], providers: [BusyService] });
    const service = app.get(PoolService);
    await until(() => service.snapshot('main').live === 2);
    expect(service.autoscaler('main')).toMatchObject({ state: 'running', faults: 0 });
    app.get(SchedulerRegistry).deleteInterval('dynamic-pool:main');
    wish.target = 3;
    expect(service.autoscaler('main')).toMatchObject({ state: 'stopped' });
    const seen = service.decisions('main').length;
    // The pool itself goes on.
    await service.resize('main', 1);
    expect(service.snapshot('main')).toMatchObject({ live: 1 });
    expect(service.decisions('main')).toHaveLength(seen);
  });

  test('an application without a scheduler is told which line to add', async () => {
    const error = await failure(startApp({ imports: [pools('balanced')], providers: [BusyService] }));
    expect(error).toBeInstanceOf(PoolConfigError);
    expect(error.message).toContain("pool 'main' sizes itself by an interval of @nestjs/schedule");
    expect(error.message).toContain('Add ScheduleModule.forRoot() to the imports of the root module');
  });

  test('pools with scaling: false need no scheduler, have no decisions, and take no policy', async () => {
    const app = await startApp({ imports: [pools(false)], providers: [BusyService] });
    const service = app.get(PoolService);
    expect(service.decisions('main')).toEqual([]);
    expect(service.policy('main')).toBeNull();
    expect(service.autoscaler('main')).toBeNull();
    expect(() => service.setPolicy('main', 'course')).toThrow("pool 'main' has no autoscaler to take a policy");
  });

  test('the default policy grows a pool whose tasks wait, and says why (A6)', async () => {
    const logger = new Remembering();
    const app = await createApp(
      { imports: [ScheduleModule.forRoot(), pools(undefined)], providers: [BusyService] },
      logger,
    );
    await app.init();
    const service = app.get(PoolService);
    const told: Decision[] = [];
    service.get('main').on('decision', (decision) => told.push(decision));
    const gate = gateClosed();
    const calls = Array.from({ length: 6 }, () => app.get(BusyService).hold(gate));
    await until(() => service.snapshot('main').busy === 3);
    gate[0] = 1;
    Atomics.notify(gate, 0);
    await Promise.all(calls);

    const grown = service.decisions('main').filter(({ from, to }) => to > from);
    expect(grown.at(-1)).toMatchObject({ pool: 'main', from: 1, reason: expect.stringMatching(/\w+ \w+/) });
    expect(told.filter(({ from, to }) => to > from)).toEqual(grown.toReversed());
    const lines = logger.lines.filter(({ message }) => String(message).startsWith('{"event":"resized"'));
    expect(JSON.parse(String(lines[0]!.message))).toMatchObject({
      event: 'resized',
      pool: 'main',
      from: 1,
      to: grown.at(-1)!.to,
      by: 'autoscaler',
      seq: grown.at(-1)!.seq,
      pid: process.pid,
    });
  });

  test('a person goes before the autoscaler, until the size is released (A4)', async () => {
    const logger = new Remembering();
    const wish = new Wish(1);
    const scaling = { policy: { decider: wish }, tickMs: TICK_MS };
    const app = await createApp(
      { imports: [ScheduleModule.forRoot(), pools(scaling)], providers: [BusyService] },
      logger,
    );
    await app.init();
    const service = app.get(PoolService);
    await service.resize('main', 3, { owner: 'ada', reason: 'sale at noon' });
    await until(() => service.decisions('main', { limit: 1 })[0]?.heldBy === 'override');
    expect(service.decisions('main', { limit: 1 })).toMatchObject([{ from: 3, proposed: 1, to: 3 }]);
    expect(service.snapshot('main').target).toBe(3);
    const manual = logger.lines.map(({ message }) => String(message)).find((line) => line.includes('sale at noon'));
    expect(JSON.parse(manual!)).toMatchObject({ from: 1, to: 3, by: 'manual', reason: 'sale at noon (ada)' });
    wish.target = 2;
    await service.auto('main');
    await until(() => service.snapshot('main').live === 2);
  });

  test('a policy is swapped while the pool runs; one that cannot be built changes nothing (A5)', async () => {
    const app = await startApp({ imports: [ScheduleModule.forRoot(), pools('course')], providers: [BusyService] });
    const service = app.get(PoolService);
    const registry = app.get(SchedulerRegistry);
    expect(service.policy('main')).toBe('course');
    const before: unknown = registry.getInterval('dynamic-pool:main');
    expect(() => service.setPolicy('main', { preset: 'blanced' as never })).toThrow("Did you mean 'balanced'?");
    expect(service.policy('main')).toBe('course');
    expect(registry.getInterval('dynamic-pool:main')).toBe(before);

    const policy = { decider: new Wish(2) };
    service.setPolicy('main', policy);
    expect(service.policy('main')).toBe(policy);
    // The course ticks every 500 ms, other policies every 250: the interval is another, under the same name.
    expect(registry.getInterval('dynamic-pool:main')).not.toBe(before);
    await until(() => service.snapshot('main').live === 2);
  });

  test('a decider that fails stops nothing else, and is logged (A3)', async () => {
    const logger = new Remembering();
    const broken: Decider = {
      decide: () => {
        throw new Error('division by zero');
      },
    };
    const imports = [
      ScheduleModule.forRoot(),
      DynamicPoolModule.forRoot({
        defaults: { size: { max: 3 }, scaling: { tickMs: TICK_MS } },
        pools: {
          main: { scaling: { policy: { decider: broken } } },
          other: {
            tasks: new URL('../../fixtures/tasks/basics.js', import.meta.url),
            scaling: { policy: { decider: new Wish(2) } },
          },
        },
      }),
    ];
    const app = await createApp({ imports, providers: [BusyService] }, logger);
    await app.init();
    const service = app.get(PoolService);
    await until(() => service.snapshot('other').live === 2);
    await until(() => service.autoscaler('main')!.faults > 0);
    expect(service.autoscaler('main')).toMatchObject({ state: 'retrying', lastFault: 'division by zero' });
    expect(service.decisions('main')).toMatchObject([{ heldBy: 'a fault', reason: 'failed: division by zero' }]);
    expect(logger.lines).toContainEqual({
      level: 'warn',
      message: "pool 'main': the autoscaler failed, the size stays: division by zero",
      context: 'DynamicPool',
    });
  });
});

describe('pools of an application that share a budget (C1, C2)', () => {
  const tasks = new URL('../../fixtures/tasks/basics.js', import.meta.url);

  test('have their floors reserved, and take the rest by priority', async () => {
    const [low, high] = [new Wish(4), new Wish(1)];
    const scaled = (decider: Decider) => ({
      tasks,
      size: { max: 4 },
      scaling: { policy: { decider }, tickMs: TICK_MS },
    });
    const imports = [
      ScheduleModule.forRoot(),
      DynamicPoolModule.forRoot({
        budget: { workers: 5, sharing: 'priority', priorities: { batch: 1, checkout: 2 } },
        pools: { batch: scaled(low), checkout: scaled(high) },
      }),
    ];
    const app = await startApp({ imports });
    const service = app.get(PoolService);
    await until(() => service.snapshot('batch').live === 4);
    expect(service.budget()).toMatchObject({ workers: 5, free: 0 });
    high.target = 3;
    await until(() => service.snapshot('checkout').live === 3);
    expect(service.snapshot('batch').target).toBe(2);
    expect(service.decisions('batch', { limit: 1 })).toMatchObject([{ proposed: 4, heldBy: 'budget' }]);
    high.target = 1;
    await until(() => service.snapshot('batch').live === 4);
  });

  test('a budget that cannot hold the floors is refused, with all numbers', async () => {
    const size = { min: 3, max: 4 };
    const module = () =>
      DynamicPoolModule.forRoot({ budget: { workers: 5 }, pools: { a: { tasks, size }, b: { tasks, size } } });
    const error = await failure(startApp({ imports: [ScheduleModule.forRoot(), module()] }));
    expect(error.message).toMatch(/5.*a 3.*b 3/);
    expect(() => DynamicPoolModule.forRoot({ budget: { workers: 0 }, pools: {} })).toThrow('budget.workers is 0');
  });
});
