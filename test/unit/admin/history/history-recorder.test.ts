import { expect, onTestFinished, test } from 'vitest';
import { HistoryRecorder } from '../../../../lib/admin/history/history-recorder.js';
import type { PoolOptions } from '../../../../lib/core/contract/pool-options.js';
import { fakeService } from '../../../support/fake-service.js';
import { settleMicrotasks } from '../../../support/virtual-clock.js';

const EPOCH = 1_700_000_000_000;

async function recorder(options: Partial<PoolOptions> = {}) {
  const fake = await fakeService({ images: { scaling: false, ...options }, mails: { scaling: false } });
  const history = new HistoryRecorder(fake.service, { clock: fake.clock, epoch: () => EPOCH + fake.clock.now() });
  history.onModuleInit();
  onTestFinished(() => history.onModuleDestroy());
  const engine = fake.engines.get('images')!;
  const run = async (count: number) => {
    for (let call = 0; call < count; call++)
      void fake.service
        .get('images')
        .run('work')
        .catch(() => undefined);
    await settleMicrotasks();
  };
  /** Ends what runs, after this time. */
  const end = async (serviceMs: number, isOk = true) => {
    await fake.clock.advance(serviceMs);
    for (const worker of engine.workers.filter(({ started }) => started.length > 0)) {
      worker.end(isOk ? 'done' : new RangeError('secret'), isOk);
    }
    await settleMicrotasks();
  };
  return { ...fake, history, run, end };
}

test('tells each second of the last ones, in columns of the same length, oldest first', async () => {
  const { history, clock, run, end } = await recorder();
  await clock.advance(1_000);
  await run(3);
  await clock.advance(1_000);
  await end(0);
  await clock.advance(1_000);
  expect(history.history('images', 600)).toEqual({
    pool: 'images',
    everyMs: 1_000,
    at: [EPOCH + 1_000, EPOCH + 2_000, EPOCH + 3_000],
    size: [1, 1, 1],
    target: [1, 1, 1],
    busy: [0, 1, 1],
    queueDepth: [0, 2, 1],
    arrivals: [0, 3, 0],
    ended: [0, 0, 1],
    waitP50Ms: [0, 0, expect.any(Number)],
    waitP99Ms: [0, 0, expect.any(Number)],
    oldestMs: [0, 1_000, 2_000],
  });
  expect(history.history('images', 2).at).toEqual([EPOCH + 2_000, EPOCH + 3_000]);
  expect(history.history('mails', 1)).toMatchObject({ pool: 'mails', arrivals: [0] });
});

test('keeps 15 minutes', async () => {
  const { history, clock } = await recorder();
  await clock.advance(1_000_000);
  const { at, size } = history.history('images', 900);
  expect([at.length, size.length, at.at(-1)! - at[0]!]).toEqual([900, 900, 899_000]);
});

test('a second that took longer, since the thread computed, tells rates of its own time', async () => {
  const { history, clock, run } = await recorder();
  await run(8);
  clock.compute(3_000);
  await clock.advance(1_000);
  expect(history.history('images', 10).arrivals[0]).toBeCloseTo(8 / 3, 1);
});

test('samples tell what a dry run needs: counts, and the sums of service times', async () => {
  const { history, clock, run, end } = await recorder({ size: { min: 2, max: 2 } });
  await run(2);
  await end(10);
  await run(1);
  await end(40, false);
  await clock.advance(950);
  expect(history.samples('images', 60_000)).toMatchObject([
    {
      spanMs: 1_000,
      arrived: 3,
      finished: 3,
      failed: 1,
      served: 3,
      serviceMs: 60,
      serviceMsSquared: 1_800,
      crashes: 0,
    },
  ]);
});

test('failed calls are told by task and kind of error, without messages', async () => {
  const { history, run, end } = await recorder();
  await run(1);
  await end(10, false);
  expect(history.failures('images')).toEqual([{ task: 'work', error: 'RangeError', count: 1, lastAt: EPOCH + 10 }]);
  expect(history.failures('mails')).toEqual([]);
});

test('remembers how long the latest worker took to boot', async () => {
  const { history, service } = await recorder();
  expect(history.bootMs('images')).toBeNull();
  await service.get('images').resize(2);
  expect(history.bootMs('images')).toBe(0);
});

test.each([0, -1, 901, 1.5, Number.NaN, '60', null])('%o seconds are refused with what is allowed', async (seconds) => {
  const { history } = await recorder();
  expect(() => history.history('images', seconds as number)).toThrow('seconds is');
  expect(() => history.history('images', seconds as number)).toThrow('a whole number from 1 to 900');
  expect(() => history.history('image', 1)).toThrow("there is no pool 'image'.");
  expect(() => history.failures('__proto__')).toThrow('there is no pool');
});

test('it never listens to calls that go well, and at the end to nothing', async () => {
  const { history, clock, run, end, service } = await recorder();
  const heard: string[] = [];
  const pool = service.get('images');
  const { on } = pool;
  pool.on = ((event: string, ...rest: unknown[]) => {
    heard.push(event);
    return Reflect.apply(on, pool, [event, ...rest]);
  }) as typeof on;
  const second = new HistoryRecorder(service, { clock });
  second.onModuleInit();
  second.onModuleDestroy();
  expect(heard).toEqual(['failed', 'workerStarted']);
  const scheduled = clock.scheduled;
  history.onModuleDestroy();
  expect(clock.scheduled).toBe(scheduled - 1);
  await run(1);
  await end(10, false);
  expect(history.failures('images')).toEqual([]);
});
