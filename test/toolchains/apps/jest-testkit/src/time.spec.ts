import { PoolFullError, TaskTimeoutError } from 'nestjs-dynamic-pool';
import { createFakePool, createManualPool, createTestPool, VirtualClock } from 'nestjs-dynamic-pool/testing';

afterEach(() => jest.useRealTimers());

test('virtual clock', async () => {
  const clock = new VirtualClock();
  const render = jest.fn(async (ms: number) => {
    await clock.sleep(ms);
    return { at: clock.now() };
  });
  const pool = createTestPool({ name: 'images', tasks: { render }, taskTimeoutMs: 2_000, scaling: false, clock });
  const [call, slow] = [pool.run('render', [100]), pool.run('render', [10_000])];
  const refused = slow.catch((error: unknown) => error);
  await clock.advance(100);
  expect(await call).toStrictEqual({ at: 100 });
  await clock.advance(2_000);
  expect(await refused).toBeInstanceOf(TaskTimeoutError);
  expect(render).toHaveBeenCalledTimes(2);
});

test('manual workers', async () => {
  const pool = createManualPool({ name: 'images', tasks: ['render'], size: { max: 1 }, queue: { capacity: 1 } });
  await pool.ready();
  const calls = [pool.run('render'), pool.run('render')];
  await expect(pool.run('render')).rejects.toBeInstanceOf(PoolFullError);
  (await pool.workers.next()).complete(1);
  (await pool.workers.next()).complete(2);
  expect(await Promise.all(calls)).toEqual([1, 2]);
});

test('stand-in', async () => {
  const pool = createFakePool({ render: () => 'rendered' });
  expect(await pool.run('render', [1])).toBe('rendered');
  expect(pool.calls).toEqual([{ task: 'render', args: [1], options: undefined }]);
});

test('fake timers', async () => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask'] });
  const clock = new VirtualClock();
  const tasks = { render: () => clock.sleep(50) };
  const pool = createTestPool({ name: 'images', tasks, scaling: false, clock });
  const call = pool.run('render');
  await clock.advance(50);
  await call;
  expect(pool.snapshot().counters.completed).toBe(1);
});
