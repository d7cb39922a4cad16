import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  PoolConfigError,
  PoolFullError,
  QueueTimeoutError,
  TaskTimeoutError,
  WorkerCrashedError,
} from '../../../lib/entries/core.js';
import { createManualPool, VirtualClock, type ManualPoolOptions } from '../../../lib/entries/testing.js';
import { rejectionOf, watch } from '../../support/watch.js';

function manualPool(options: Partial<ManualPoolOptions> = {}) {
  const pool = createManualPool({
    name: 'manual',
    tasks: ['work', 'rest'],
    size: { max: 2 },
    scaling: false,
    ...options,
  });
  onTestFinished(async () => {
    const closed = pool.close({ force: true });
    await pool.clock.advance(60_000);
    await closed;
  });
  return pool;
}

describe('a manual pool (U8)', () => {
  it('lets the test complete and fail its tasks', async () => {
    const pool = manualPool();
    const [first, second] = [pool.run('work', [{ a: 1 }]), pool.run('rest')];
    const work = await pool.workers.next('work');
    expect(work).toMatchObject({ name: 'work', args: [{ a: 1 }], workerId: 1, isOpen: true });
    work.complete('done');
    expect(await first).toBe('done');
    const rest = await pool.workers.next();
    expect(rest).toMatchObject({ name: 'rest', isOpen: true });
    const error = new RangeError('no rest');
    rest.fail(error);
    await expect(second).rejects.toBe(error);
    expect(pool.snapshot().counters).toMatchObject({ completed: 1, failed: 1 });
  });

  it('hands out each task once, and waits for those that are yet to start', async () => {
    const pool = manualPool({ size: { min: 2, max: 2 } });
    const calls = ['a', 'b'].map((arg) => watch(pool.run('work', [arg])));
    const [a, b] = [await pool.workers.next(), await pool.workers.next()];
    expect([a.args, b.args]).toEqual([['a'], ['b']]);
    expect(pool.workers.running).toEqual([a, b]);
    const later = pool.workers.next('rest');
    a.complete();
    watch(pool.run('rest', ['c']));
    expect((await later).args).toEqual(['c']);
    b.complete();
    await vi.waitFor(() => expect(calls.every(({ state }) => state === 'resolved')).toBe(true));
  });

  it('says that no task started, and how its workers are, instead of hanging', async () => {
    const pool = manualPool({ boots: 'by-hand' });
    await pool.clock.advance(0);
    const error = await rejectionOf(pool.workers.next('work', { timeoutMs: 5 }));
    expect(error).toMatchObject({ code: 'NO_TASK' });
    expect(error.message).toBe(
      "pool 'manual': no task 'work' has started within 5 ms. Workers: 1 booting. Was it called, is a worker free, and did that boot?",
    );
  });

  it('measures the service of tasks on its clock', async () => {
    const pool = manualPool();
    const call = pool.run('work');
    const task = await pool.workers.next();
    await pool.clock.advance(250);
    task.complete();
    await call;
    expect(pool.snapshot().service.mean).toBe(250);
  });

  it('boots workers when told, and fails their boots', async () => {
    const pool = manualPool({ boots: 'by-hand', size: { min: 2, max: 2 } });
    const ready = watch(pool.ready());
    await pool.clock.advance(5_000);
    expect(ready.state).toBe('pending');
    expect(pool.workers.all).toEqual([
      { id: 1, state: 'booting', tasks: [] },
      { id: 2, state: 'booting', tasks: [] },
    ]);
    pool.workers.failBoot({ workerId: 1, error: new Error('no such module') });
    pool.workers.boot(2);
    await pool.clock.advance(1_000);
    expect(pool.workers.all.map(({ id, state }) => [id, state])).toEqual([
      [2, 'ready'],
      [3, 'booting'],
    ]);
    pool.workers.boot();
    await pool.clock.advance(0);
    expect(ready.state).toBe('resolved');
    expect(() => pool.workers.boot(2)).toThrow(
      'boot() names worker 2, which the pool does not have. Its workers: none.',
    );
  });

  it('lets a worker die of its task, whose end may be lost', async () => {
    const pool = manualPool();
    const error = new Error('segmentation fault');
    for (const phase of ['started', 'finished'] as const) {
      const call = pool.run('work');
      (await pool.workers.next()).crash({ exitCode: 139, error, phase });
      const crash = await rejectionOf<WorkerCrashedError>(call);
      expect(crash).toBeInstanceOf(WorkerCrashedError);
      expect(crash).toMatchObject({ exitCode: 139, phase, cause: error });
      await pool.clock.advance(60_000);
    }
    expect(pool.snapshot().counters.crashes).toBe(2);
  });

  it('tells which attempt of a retried task it is (P9)', async () => {
    const pool = manualPool();
    const call = pool.run('work', [], { idempotent: true });
    const first = await pool.workers.next();
    first.crash();
    await pool.clock.advance(10_000);
    const second = await pool.workers.next();
    expect([first.attempt, second.attempt, second.id === first.id]).toEqual([1, 2, true]);
    second.complete('at last');
    expect(await call).toBe('at last');
  });

  it('lets a task yield as its reader takes items, and report (P11)', async () => {
    const pool = manualPool();
    const heard: unknown[] = [];
    const items = pool.stream<number>('work', [], { onProgress: (value) => heard.push(value) })[Symbol.asyncIterator]();
    const first = items.next();
    const task = await pool.workers.next();
    expect(task).toMatchObject({ answer: 'stream', credit: 16 });
    for (let item = 0; item < 16; item++) task.yield(item);
    task.progress('half');
    expect(() => task.yield(16)).toThrow('whose reader has not taken enough items. A worker would wait for it');
    expect(await first).toEqual({ done: false, value: 0 });
    for (let item = 1; item < 16; item++) expect((await items.next()).value).toBe(item);
    await pool.clock.advance(0);
    expect(task.credit).toBeGreaterThan(0);
    task.complete('not told');
    expect(await items.next()).toEqual({ done: true, value: undefined });
    expect(heard).toEqual(['half']);
    expect(pool.snapshot().counters.completed).toBe(1);
    const call = watch(pool.run('work'));
    const value = await pool.workers.next();
    expect(() => value.yield(1)).toThrow('whose caller waits for a value. Complete it, or call pool.stream()');
    value.complete();
    await pool.clock.advance(0);
    expect(call.state).toBe('resolved');
  });

  it('lets any worker die', async () => {
    const pool = manualPool();
    const call = watch(pool.run('work'));
    const task = await pool.workers.next();
    pool.workers.crash(1, { exitCode: 9 });
    await pool.clock.advance(0);
    expect(call.error).toMatchObject({ exitCode: 9 });
    expect(task.isOpen).toBe(false);
    expect(() => task.complete()).toThrow(
      `pool 'manual': complete() of task ${task.id}, 'work', which has ended, or whose worker is gone. End each task once.`,
    );
    expect(() => pool.workers.crash(1)).toThrow(
      'crash() names worker 1, which the pool does not have. Its workers: 2.',
    );
  });

  it('tells a task of its cancellation by its signal, and waits for its end', async () => {
    const pool = manualPool();
    const controller = new AbortController();
    const call = watch(pool.run('work', [], { signal: controller.signal }));
    const task = await pool.workers.next();
    controller.abort(new Error('enough'));
    await pool.clock.advance(0);
    expect(call.error).toEqual(new Error('enough'));
    expect(task.signal.reason).toEqual(new Error('enough'));
    expect(task.isOpen).toBe(true);
    task.complete();
    await pool.clock.advance(1_000);
    expect(pool.snapshot().counters).toMatchObject({ cancelled: 1, crashes: 0 });
    expect(pool.workers.all).toEqual([{ id: 1, state: 'ready', tasks: [] }]);
  });

  it('is full and times out when the test says so', async () => {
    const pool = manualPool({ size: { max: 1 }, queue: { capacity: 1 }, queueTimeoutMs: 200, taskTimeoutMs: 500 });
    await pool.ready();
    const [running, waiting] = [watch(pool.run('work')), watch(pool.run('rest'))];
    await pool.clock.advance(0);
    await expect(pool.run('work')).rejects.toBeInstanceOf(PoolFullError);
    await pool.clock.advance(200);
    expect(waiting.error).toBeInstanceOf(QueueTimeoutError);
    await pool.clock.advance(300);
    expect(running.error).toBeInstanceOf(TaskTimeoutError);
    await pool.clock.advance(1_000);
    expect(pool.workers.all.map(({ id }) => id)).toEqual([2]);
  });

  it('lets the test end what runs on the calling thread', async () => {
    const queue = { capacity: 1, overflow: 'caller-runs' } as const;
    const pool = manualPool({ size: { max: 1 }, queue });
    watch(pool.run('work'));
    watch(pool.run('work'));
    const call = pool.run('rest');
    const here = await pool.workers.next('rest');
    expect(here.workerId).toBeNull();
    expect(() => here.crash()).toThrow('which runs on the calling thread and has no worker');
    here.complete('here');
    expect(await call).toBe('here');
    await rejectionOf(pool.run('rest', [], { signal: AbortSignal.abort(new Error('early')) }));
    expect(pool.calls.map(({ task }) => task)).toEqual(['work', 'work', 'rest', 'rest']);
  });

  it('shares a clock with others', async () => {
    const clock = new VirtualClock();
    expect(manualPool({ clock }).clock).toBe(clock);
  });

  it.each([
    ['tasks that are no names', { tasks: { work: () => 1 } }, 'must be an array of the names of its tasks'],
    ['a clock of another kind', { clock: { now: () => 0 } }, 'clock is an object, but must be a VirtualClock'],
    ['another way to boot', { boots: 'later' }, `boots is "later", but must be 'at-once' or 'by-hand'`],
    ['options that there are not', { bootMs: 5 }, 'has no option "bootMs"'],
  ])('refuses %s', (_, options, message) => {
    const wrong = { name: 'manual', tasks: ['work'], ...options } as unknown as ManualPoolOptions;
    expect(() => createManualPool(wrong)).toThrow(PoolConfigError);
    expect(() => createManualPool(wrong)).toThrow(message);
  });
});
