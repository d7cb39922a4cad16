import { describe, expect, it } from 'vitest';
import { livingThreads } from '../../support/living-threads.js';
import { rejectionOf, watch } from '../../support/watch.js';
import { batchPool, Marks, range, sent } from './batch-pool.js';
import { next, threadPool } from './thread-pool.js';

const [HOLDER, OTHER_HOLDER, LAST] = [990, 991, 992];
const AHEAD = range(0, 40);
const NEVER = AHEAD.map(() => 0);
const ONCE = AHEAD.map(() => 1);
const MOST_TASKS = 100_000;

describe('tasks that were sent ahead, behind one that holds their worker', () => {
  it('never begin once they are cancelled (P10)', async () => {
    const { pool, marks } = await batchPool();
    const controller = new AbortController();
    const holder = pool.run('hold', [HOLDER]);
    const calls = AHEAD.map((id) => watch(pool.run('number', [id], { signal: controller.signal })));
    const last = pool.run('number', [LAST]);
    await sent();
    controller.abort('on purpose');
    await marks.hasBegun(HOLDER);
    marks.release(HOLDER);
    expect(await Promise.all([holder, last])).toEqual([HOLDER, LAST]);
    expect(calls.map(({ error }) => error)).toEqual(AHEAD.map(() => 'on purpose'));
    expect(marks.begunOf([...AHEAD, LAST])).toEqual([...NEVER, 1]);
    expect(pool.snapshot().counters).toMatchObject({ cancelled: AHEAD.length, failed: 0, crashes: 0 });
  });

  it('are cancelled one by one, whether in a message with others or alone in one', async () => {
    const { pool, marks } = await batchPool();
    const holder = pool.run('hold', [HOLDER]);
    const isCancelled = (id: number) => id % 3 === 1;
    const controllers = AHEAD.map(() => new AbortController());
    const calls = AHEAD.map((id) => {
      const options = { signal: controllers[id]!.signal };
      return watch(id % 2 === 0 ? pool.run('number', [id], options) : pool.run('given', [id, { id }], options));
    });
    await sent();
    for (const id of AHEAD) if (isCancelled(id)) controllers[id]!.abort(id);
    marks.release(HOLDER);
    await holder;
    await pool.run('number', [LAST]);
    expect(marks.begunOf(AHEAD)).toEqual(AHEAD.map((id) => (isCancelled(id) ? 0 : 1)));
    expect(calls.map(({ state }) => state)).toEqual(AHEAD.map((id) => (isCancelled(id) ? 'rejected' : 'resolved')));
  });

  it('never begin while the pool is paused, and all begin once it goes on', async () => {
    const { pool, marks } = await batchPool();
    const holder = pool.run('hold', [HOLDER]);
    const calls = AHEAD.map((id) => pool.run('number', [id]));
    await sent();
    pool.pause();
    expect(pool.snapshot()).toMatchObject({ state: 'paused', queueDepth: AHEAD.length });
    marks.release(HOLDER);
    expect(await holder).toBe(HOLDER);
    expect(pool.snapshot()).toMatchObject({ queueDepth: AHEAD.length, busy: 0 });
    expect(marks.begunOf(AHEAD)).toEqual(NEVER);
    pool.resume();
    expect(await Promise.all(calls)).toEqual(AHEAD);
    expect(marks.begunOf(AHEAD)).toEqual(ONCE);
  });

  it('never begin once they waited too long, and count as failed', async () => {
    const { pool, marks } = await batchPool();
    const holder = pool.run('hold', [HOLDER]);
    const calls = AHEAD.map((id) => rejectionOf(pool.run('number', [id], { queueTimeoutMs: 20 })));
    for (const error of await Promise.all(calls)) expect(error).toMatchObject({ code: 'QUEUE_TIMEOUT' });
    marks.release(HOLDER);
    expect(await holder).toBe(HOLDER);
    expect(await pool.run('number', [LAST])).toBe(LAST);
    expect(marks.begunOf(AHEAD)).toEqual(NEVER);
  });

  it('never begin when the pool is closed by force', async () => {
    const { pool, marks } = await batchPool({ abortGraceMs: 20 });
    const calls = [pool.run('hold', [HOLDER]), ...AHEAD.map((id) => pool.run('number', [id]))].map(rejectionOf);
    await sent();
    await pool.close({ force: true });
    for (const error of await Promise.all(calls)) expect(error).toMatchObject({ code: 'POOL_CLOSED' });
    expect(marks.begunOf(AHEAD)).toEqual(NEVER);
    expect(livingThreads.size).toBe(0);
  });
});

describe('tasks that were sent ahead to two workers, of which one leaves', () => {
  async function twoHeld() {
    const { pool, marks } = await batchPool({ size: { min: 1, initial: 2, max: 2 }, abortGraceMs: 20 });
    const holders = [HOLDER, OTHER_HOLDER].map((id) => watch(pool.run('hold', [id])));
    const calls = AHEAD.map((id) => pool.run('number', [id]));
    await sent();
    return { pool, marks, holders, calls };
  }

  it('run once each, when it leaves in peace', async () => {
    const { pool, marks, holders, calls } = await twoHeld();
    const resized = pool.resize(1);
    for (const id of [HOLDER, OTHER_HOLDER]) marks.release(id);
    expect(await Promise.all(calls)).toEqual(AHEAD);
    await resized;
    expect(marks.begunOf(AHEAD)).toEqual(ONCE);
    expect(holders.map(({ state }) => state)).toEqual(['resolved', 'resolved']);
    expect(pool.snapshot()).toMatchObject({ size: 1, live: 1, counters: { failed: 0, cancelled: 0, crashes: 0 } });
  });

  it('run once each, when it leaves at once', async () => {
    const { pool, marks, holders, calls } = await twoHeld();
    await Promise.all([HOLDER, OTHER_HOLDER].map((id) => marks.hasBegun(id)));
    const resized = pool.resize(1, { eager: true });
    for (const id of [HOLDER, OTHER_HOLDER]) marks.release(id);
    expect(await Promise.all(calls)).toEqual(AHEAD);
    await resized;
    expect(marks.begunOf(AHEAD)).toEqual(ONCE);
    expect(holders.map(({ state }) => state).sort()).toEqual(['rejected', 'resolved']);
    expect(pool.snapshot()).toMatchObject({ size: 1, counters: { failed: 0, cancelled: 1, crashes: 0 } });
  });

  it('leave it room to go, though callers never cease', async () => {
    const pool = threadPool('basics', { size: { min: 1, initial: 2, max: 2 } });
    const seen = { isShrunk: false };
    const call = async () => {
      for (let calls = 0; calls < 100 && !seen.isShrunk; calls++) await pool.run('spin', [0.3]);
    };
    const callers = range(0, 64).map(call);
    await Promise.all(range(0, 200).map(() => pool.run('spin', [0.3])));
    const shrinking = pool.resize(1).then(() => (seen.isShrunk = true));
    await Promise.all(callers);
    expect(seen.isShrunk).toBe(true);
    await shrinking;
  });
});

describe('workers that are renewed after so many tasks (P14)', () => {
  it('after one: a task that comes once the old one has left finds a fresh one', async () => {
    const marks = new Marks(1_000);
    const pool = threadPool('batch', { size: { max: 1 }, worker: { recycle: { afterTasks: 1 } } });
    const workers: number[] = [];
    pool.on('completed', ({ workerId }) => workers.push(workerId));
    for (let round = 0; round < 4; round++) {
      const exited = next(pool, 'workerExited');
      await pool.run('number', [round]);
      expect(await exited).toMatchObject({ reason: 'recycled' });
    }
    expect(workers).toEqual([1, 2, 3, 4]);
    expect(marks.begunOf(range(0, 4))).toEqual([1, 1, 1, 1]);
    expect(pool.snapshot().counters).toMatchObject({ completed: 4, failed: 0, crashes: 0 });
  });

  it('lose no task of a batch, and do none twice', async () => {
    const marks = new Marks(MOST_TASKS);
    const pool = threadPool('batch', { size: { min: 2, max: 2 }, worker: { recycle: { afterTasks: 3 } } });
    const reasons: string[] = [];
    pool.on('workerExited', ({ reason }) => reasons.push(reason));
    let tasks = 0;
    // Workers that are due go on until their successors are up.
    for (; reasons.length < 4 && tasks < MOST_TASKS; tasks += 25) {
      const batch = range(tasks, 25);
      expect(await Promise.all(batch.map((id) => pool.run('number', [id])))).toEqual(batch);
    }
    expect(reasons.slice(0, 4)).toEqual(['recycled', 'recycled', 'recycled', 'recycled']);
    expect(range(0, tasks).filter((id) => marks.begun(id) !== 1)).toEqual([]);
    expect(pool.snapshot().counters).toMatchObject({ completed: tasks, failed: 0, crashes: 0 });
  });
});
