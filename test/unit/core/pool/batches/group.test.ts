import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PoolError } from '../../../../../lib/core/errors.js';
import { fakePool } from '../../../../support/fake-pool.js';
import { settleMicrotasks } from '../../../../support/virtual-clock.js';
import { rejectionOf, watch } from '../../../../support/watch.js';
import { endRunning, failItem, runningItems } from './source.js';

const FOUR = { size: { min: 4, max: 4 } };
const boom = new Error('boom');

/** Rejections that nobody handled. */
const unhandled: unknown[] = [];
const note = (reason: unknown) => void unhandled.push(reason);
beforeEach(() => void process.on('unhandledRejection', note));
afterEach(async () => {
  await settleMicrotasks();
  process.off('unhandledRejection', note);
  expect(unhandled.splice(0)).toEqual([]);
});

describe('a group of tasks (P13)', () => {
  it('waits for all, with the results in the order of run()', async () => {
    const { pool, engine } = await fakePool(FOUR);
    const group = pool.group();
    const runs = [1, 2, 3].map((item) => watch(group.run('work', [item])));
    const all = watch(group.wait());
    await settleMicrotasks();
    await endRunning(engine, [3]);
    await endRunning(engine, [2]);
    expect([all.state, runs[2]!.value]).toEqual(['pending', 30]);
    await endRunning(engine);
    expect(all.value).toEqual([10, 20, 30]);
    expect(pool.snapshot().counters).toMatchObject({ submitted: 3, completed: 3 });
  });

  it('of nothing resolves with nothing', async () => {
    const { pool } = await fakePool();
    expect(await pool.group().wait()).toEqual([]);
  });

  it('waits for what is added while it waits, and then takes no more', async () => {
    const { pool, engine } = await fakePool(FOUR);
    const group = pool.group();
    void group.run('work', [1]);
    const all = watch(group.wait());
    void group.run('work', [2]);
    await endRunning(engine, [1]);
    void group.run('work', [3]);
    await endRunning(engine);
    expect(all.value).toEqual([10, 20, 30]);
    expect(await group.wait()).toBe(all.value);
    const late = await rejectionOf(group.run('work', [4]));
    expect(late).toBeInstanceOf(PoolError);
    expect(late).toMatchObject({
      code: 'GROUP_ENDED',
      message: "pool 'fake': wait() of this group has resolved, so it takes no more tasks. Start a new group.",
    });
    expect(pool.snapshot().counters.submitted).toBe(3);
  });

  it('fails with the first failure and cancels the rest, those in its own line included', async () => {
    const { pool, engine } = await fakePool(FOUR);
    const group = pool.group({ limit: 3 });
    const runs = [1, 2, 3, 4, 5].map((item) => watch(group.run('work', [item])));
    const all = watch(group.wait());
    await settleMicrotasks();
    await endRunning(engine, [1]);
    await failItem(engine, 3, boom);
    expect(all.error).toBe(boom);
    expect(runs.map(({ state }) => state)).toEqual(['resolved', 'rejected', 'rejected', 'rejected', 'rejected']);
    expect(runs[2]!.error).toBe(boom);
    for (const run of [runs[1]!, runs[3]!, runs[4]!]) {
      expect(run.error).toMatchObject({ code: 'GROUP_CANCELLED', pool: 'fake', cause: boom });
    }
    expect(pool.snapshot().counters).toMatchObject({ submitted: 4, completed: 1, failed: 1, cancelled: 2 });
    const late = await rejectionOf(group.run('work', [6]));
    expect(late).toMatchObject({ code: 'GROUP_CANCELLED', cause: boom });
    expect(await rejectionOf(group.wait())).toBe(boom);
  });

  it('leaves no rejection unhandled where only wait() is awaited, or only the tasks', async () => {
    const { pool, engine } = await fakePool(FOUR);
    const group = pool.group();
    for (const item of [1, 2, 3]) void group.run('work', [item]);
    await failItem(engine, 2, boom);
    void group.run('work', [4]);
    expect(await rejectionOf(group.wait())).toBe(boom);
    const other = pool.group();
    const run = watch(other.run('work', [5]));
    await failItem(engine, 1, 'the late end of what was cancelled');
    await failItem(engine, 3, 'the late end of what was cancelled');
    await failItem(engine, 5, boom);
    expect(run.error).toBe(boom);
  });

  it('is failed by a wrong call as well', async () => {
    const { pool } = await fakePool();
    for (const wrong of [{ timeout: 5 }, { timeoutMs: -1 }]) {
      const group = pool.group();
      void group.run('work', [1]);
      void group.run('work', [2], wrong as never);
      expect(await rejectionOf(group.wait())).toMatchObject({ code: 'POOL_CONFIG' });
    }
    const group = pool.group();
    void group.run('wrok');
    expect(await rejectionOf(group.wait())).toMatchObject({ code: 'TASK_NOT_FOUND' });
  });

  it('is failed by a full queue, as its pool says', async () => {
    const { pool } = await fakePool({ size: { min: 1, max: 1 }, queue: { capacity: 1 } });
    const group = pool.group();
    for (const item of [1, 2, 3]) void group.run('work', [item]);
    expect(await rejectionOf(group.wait())).toMatchObject({ code: 'POOL_FULL' });
    expect(pool.snapshot()).toMatchObject({ queueDepth: 0, counters: { submitted: 2, cancelled: 2, refused: 1 } });
  });

  it('has at most its limit with the pool; the others wait in the group, not in the queue', async () => {
    const { pool, engine } = await fakePool({ size: { min: 4, max: 4 }, queue: { capacity: 1 } });
    const group = pool.group({ limit: 2 });
    for (let item = 1; item <= 9; item++) void group.run('work', [item]);
    const all = watch(group.wait());
    await settleMicrotasks();
    for (const pair of [[1, 2], [3, 4], [5, 6], [7, 8], [9]]) {
      expect(runningItems(engine)).toEqual(pair);
      expect(pool.snapshot().queueDepth).toBe(0);
      await endRunning(engine);
    }
    expect(all.value).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90]);
  });

  it('is cancelled by its signal: tasks and wait() reject with the reason', async () => {
    const { pool, engine } = await fakePool(FOUR);
    const controller = new AbortController();
    const group = pool.group({ signal: controller.signal, limit: 2 });
    const runs = [1, 2, 3].map((item) => watch(group.run('work', [item])));
    const all = watch(group.wait());
    await settleMicrotasks();
    controller.abort('enough');
    await settleMicrotasks();
    expect([all, ...runs].map(({ error }) => error)).toEqual(['enough', 'enough', 'enough', 'enough']);
    expect(engine.workers.flatMap(({ aborts }) => [...aborts.values()])).toEqual(['enough', 'enough']);
    expect(await rejectionOf(group.run('work', [4]))).toBe('enough');
    expect(pool.snapshot().counters).toMatchObject({ submitted: 2, cancelled: 2 });
    const stillborn = pool.group({ signal: controller.signal });
    expect(await rejectionOf(stillborn.run('work'))).toBe('enough');
    expect(await rejectionOf(stillborn.wait())).toBe('enough');
    expect(await rejectionOf(pool.group({ signal: controller.signal }).wait())).toBe('enough');
  });

  it('listens to its signal only while it has tasks', async () => {
    const { pool, engine } = await fakePool(FOUR);
    const { signal } = new AbortController();
    let listeners = 0;
    const { addEventListener, removeEventListener } = signal;
    signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
      listeners++;
      addEventListener.apply(signal, args);
    };
    signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
      listeners--;
      removeEventListener.apply(signal, args);
    };
    const group = pool.group({ signal });
    void group.run('work', [1]);
    void group.run('work', [2]);
    expect(listeners).toBe(1);
    await endRunning(engine);
    expect(listeners).toBe(0);
  });

  it("fails with the abort of one task's own signal, also where that waits in the group", async () => {
    for (const waits of [false, true]) {
      const { pool, engine } = await fakePool(FOUR);
      const controller = new AbortController();
      const group = pool.group({ limit: waits ? 1 : 2 });
      const first = watch(group.run('work', [1]));
      const own = watch(group.run('work', [2], { signal: controller.signal }));
      await settleMicrotasks();
      controller.abort('mine');
      await settleMicrotasks();
      expect(own.error).toBe('mine');
      expect(first.error).toMatchObject({ code: 'GROUP_CANCELLED', cause: 'mine' });
      expect(await rejectionOf(group.wait())).toBe('mine');
      expect(engine.workers.flatMap(({ aborts }) => [...aborts])).toHaveLength(waits ? 1 : 2);
    }
  });

  it('passes the options of run() on', async () => {
    const { pool, clock } = await fakePool(FOUR);
    const group = pool.group();
    void group.run('work', [1], { timeoutMs: 50 });
    const all = watch(group.wait());
    await clock.advance(50);
    expect(all.error).toMatchObject({ code: 'TASK_TIMEOUT' });
  });

  it('fails as its pool closes', async () => {
    const { pool, engine } = await fakePool({ size: { min: 1, max: 1 } });
    const group = pool.group({ limit: 1 });
    for (const item of [1, 2]) void group.run('work', [item]);
    await settleMicrotasks();
    const closed = pool.close();
    await endRunning(engine);
    expect(await rejectionOf(group.wait())).toMatchObject({ code: 'POOL_CLOSED' });
    await closed;
  });

  it.each([
    [{ limit: 0 }, "pool 'fake': group({ limit }) is 0, but must be a whole number from 1 to 1,000,000."],
    [{ signal: 'no' }, 'group({ signal }) is "no", but must be an AbortSignal.'],
    [{ limits: 1 }, `group() has no option "limits". Did you mean 'limit'?`],
    [[], 'the options of group() is an array, but must be an object.'],
  ])('refuses %j', async (options, message) => {
    const { pool } = await fakePool();
    expect(() => pool.group(options as never)).toThrow(message);
  });
});
