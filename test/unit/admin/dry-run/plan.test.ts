import { expect, onTestFinished, test } from 'vitest';
import { resolveDryRun } from '../../../../lib/admin/dry-run/dry-run-options.js';
import { planOf } from '../../../../lib/admin/dry-run/plan.js';
import { HistoryRecorder } from '../../../../lib/admin/history/history-recorder.js';
import type { PoolOptions } from '../../../../lib/core/contract/pool-options.js';
import { fakeService } from '../../../support/fake-service.js';

const EPOCH = 1_700_000_000_000;

/** A pool with a task each second, for some seconds. */
async function recorded(seconds: number, options: Partial<PoolOptions> = {}, perSecond = 1) {
  const { service, clock, engines } = await fakeService({ images: options }, { bootMs: 250 });
  const history = new HistoryRecorder(service, { clock, epoch: () => EPOCH + clock.now() });
  history.onModuleInit();
  onTestFinished(() => history.onModuleDestroy());
  for (let second = 0; second < seconds; second++) {
    for (let call = 0; call < perSecond; call++)
      service
        .get('images')
        .run('work')
        .catch(() => undefined);
    await clock.advance(500);
    for (let call = 0; call < perSecond; call++) {
      for (const worker of engines.get('images')!.workers) if (worker.started.length > 0) worker.end('done');
    }
    await clock.advance(500);
  }
  const plan = (request: unknown, maxTasks = 300_000) =>
    planOf(service, history, 'images', request, resolveDryRun({ maxTasks }));
  return { plan, history, service, clock };
}

test('plans both policies with the bounds, objective, queue and boot time of the pool, on its last minutes', async () => {
  const { plan, history } = await recorded(90, {
    size: { min: 1, max: 7 },
    queue: { capacity: 500 },
    scaling: { policy: 'thrifty', objectiveMs: 40 },
  });
  const job = plan({ policy: { preset: 'latency' }, minutes: 1 });
  const initial = history.samples('images', 60_000)[0]!.size;
  const pool = { name: 'images', min: 1, max: 7, initial, queueCapacity: 500, spawnDelayMs: 250 };
  expect(job).toMatchObject({
    pool: 'images',
    from: EPOCH + 30_000,
    to: EPOCH + 90_000,
    objectiveMs: 40,
    present: { policy: 'thrifty', options: { ...pool, scaling: { policy: 'thrifty', objectiveMs: 40 } } },
    proposed: { policy: { preset: 'latency' }, options: { ...pool, scaling: { objectiveMs: 40 } } },
  });
  expect(job.samples).toHaveLength(60);
  expect(structuredClone(job)).toEqual(job);
});

test('a pool without an autoscaler is compared at the size that it has', async () => {
  const { plan } = await recorded(40, { scaling: false, size: { min: 1, max: 4, initial: 3 } });
  const { present, proposed } = plan({ policy: 'balanced' });
  expect(present).toMatchObject({ policy: null, options: { size: 3, scaling: { objectiveMs: 100 } } });
  expect(proposed.options).toMatchObject({ min: 1, max: 4, initial: 3, scaling: { policy: 'balanced' } });
});

test('where there were more tasks than can be replayed, it begins later', async () => {
  const { plan } = await recorded(60, { scaling: false }, 10);
  const { samples, from, to } = plan({ policy: 'balanced' }, 205);
  expect([samples.length, to - from]).toEqual([20, 20_000]);
  expect(plan({ policy: 'balanced' }, 1).samples).toHaveLength(1);
});

test.each<[unknown, string]>([
  [undefined, 'the request of a dry run is undefined'],
  [{}, 'policy is undefined, but must be a preset by name'],
  [{ policy: 'balanced', minutes: 0 }, 'minutes is 0, but must be a number from 1 to 15'],
  [{ policy: 'balanced', minutes: 16 }, 'minutes is 16'],
  [{ policy: 'balanced', minutes: Number.NaN }, 'minutes is NaN'],
  [{ policy: 'balanced', minutes: '5' }, 'minutes is "5"'],
  [{ policy: 'balanced', minuts: 5 }, "Did you mean 'minutes'?"],
  [{ policy: 'balancd' }, "Did you mean 'balanced'?"],
])('refuses the request %j', async (request, message) => {
  const { plan } = await recorded(1);
  expect(() => plan(request)).toThrow(message);
});

test('too little history tells how long to wait; no task at all tells to wait for some', async () => {
  const { plan } = await recorded(12);
  expect(() => plan({ policy: 'balanced' })).toThrow(
    expect.objectContaining({ code: 'DRY_RUN_NO_HISTORY', message: expect.stringContaining('Try again in 18 s.') }),
  );
  const quiet = await recorded(40, {}, 0);
  expect(() => quiet.plan({ policy: 'balanced' })).toThrow(
    expect.objectContaining({ code: 'DRY_RUN_NO_HISTORY', message: expect.stringContaining('no task came') }),
  );
});

test('a present policy with parts of its own cannot be compared, nor workers that run several tasks at a time', async () => {
  const custom = await recorded(1, { scaling: { policy: { decider: { decide: () => ({ target: 1, why: '' }) } } } });
  expect(() => custom.plan({ policy: 'balanced' })).toThrow("the present policy has a part of the application's own");
  const several = await recorded(1, { worker: { concurrency: 4 } });
  expect(() => several.plan({ policy: 'balanced' })).toThrow('runs 4 tasks at a time');
});
