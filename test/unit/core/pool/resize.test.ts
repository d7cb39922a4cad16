import { describe, expect, it } from 'vitest';
import { PoolClosedError, PoolConfigError } from '../../../../lib/core/errors.js';
import { fakePool, submit } from '../../../support/fake-pool.js';
import { settleMicrotasks } from '../../../support/virtual-clock.js';
import { rejectionOf, watch } from '../../../support/watch.js';

describe('resize (P2)', () => {
  it('grows at once and resolves when the new workers are ready', async () => {
    const { pool, engine, clock } = await fakePool({}, { bootMs: 50 });
    await clock.advance(50);
    const resized = watch(pool.resize(3));
    expect(pool.snapshot()).toMatchObject({ target: 3, size: 3, starting: 2, live: 1 });
    await clock.advance(49);
    expect(resized.state).toBe('pending');
    await clock.advance(1);
    expect(resized.state).toBe('resolved');
    expect(pool.snapshot()).toMatchObject({ target: 3, size: 3, starting: 0, live: 3 });
    expect(engine.workers).toHaveLength(3);
  });

  it('lets idle workers leave at once', async () => {
    const { pool } = await fakePool({ size: { min: 1, max: 4, initial: 4 } });
    await pool.resize(1);
    expect(pool.snapshot()).toMatchObject({ target: 1, size: 1, live: 1 });
  });

  it('interrupts nobody: live exceeds target until tasks end, and the first to be free leaves', async () => {
    const { pool, engine } = await fakePool({ size: { min: 1, max: 4, initial: 3 } });
    const calls = await submit(pool, 3);
    const resized = watch(pool.resize(1));
    await settleMicrotasks();
    expect(pool.snapshot()).toMatchObject({ target: 1, live: 3, busy: 3, draining: 2, idle: 0 });
    expect(engine.alive.every((worker) => worker.aborts.size === 0)).toBe(true);

    engine.workers[1]!.end('second');
    await settleMicrotasks();
    expect(engine.workers.map((worker) => worker.isGone)).toEqual([false, true, false]);
    expect(resized.state).toBe('pending');

    engine.workers[2]!.end('third');
    await settleMicrotasks();
    expect(resized.state).toBe('resolved');
    expect(pool.snapshot()).toMatchObject({ target: 1, live: 1, busy: 1, draining: 0 });

    engine.workers[0]!.end('first');
    await settleMicrotasks();
    expect(calls.map((call) => call.value).sort()).toEqual(['first', 'second', 'third']);
    expect(pool.snapshot()).toMatchObject({ live: 1, idle: 1 });
  });

  it('gives a worker that is to leave no further task', async () => {
    const { pool, engine } = await fakePool({ size: { min: 1, max: 2, initial: 2 } });
    await submit(pool, 5);
    void pool.resize(1);
    engine.workers[0]!.end();
    await settleMicrotasks();
    expect(engine.alive).toHaveLength(1);
    expect(pool.snapshot()).toMatchObject({ busy: 1, queueDepth: 3 });
  });

  it('takes booting workers first when it shrinks', async () => {
    const { pool, engine, clock } = await fakePool({}, { bootMs: 50 });
    await clock.advance(50);
    const grown = watch(pool.resize(3));
    await pool.resize(1);
    await settleMicrotasks();
    expect(grown.state).toBe('resolved');
    expect(engine.workers.map((worker) => worker.isGone)).toEqual([false, true, true]);
    expect(pool.snapshot().counters.crashes).toBe(0);
  });

  it('of booting workers it takes the youngest first, so that those nearest to ready stay', async () => {
    const { pool, engine, clock } = await fakePool({}, { bootMs: 50 });
    await clock.advance(50);
    void pool.resize(2);
    await clock.advance(20);
    void pool.resize(4);
    await clock.advance(20);
    void pool.resize(3);
    await settleMicrotasks();
    expect(engine.workers.map((worker) => worker.isGone)).toEqual([false, false, false, true]);
    const shrunk = watch(pool.resize(2));
    await clock.advance(10);
    expect(shrunk.state).toBe('resolved');
    expect(engine.workers.map((worker) => worker.isGone)).toEqual([false, false, true, true]);
    expect(pool.snapshot()).toMatchObject({ target: 2, starting: 0, live: 2 });
  });

  it('growing again keeps those that were about to leave', async () => {
    const { pool, engine } = await fakePool({ size: { min: 1, max: 3, initial: 3 } });
    await submit(pool, 3);
    const shrunk = watch(pool.resize(1));
    await pool.resize(3);
    expect(shrunk.state).toBe('resolved');
    expect(pool.snapshot()).toMatchObject({ target: 3, live: 3, draining: 0 });
    for (const worker of engine.workers) worker.end();
    await settleMicrotasks();
    expect(engine.workers).toHaveLength(3);
    expect(engine.alive).toHaveLength(3);
  });

  it('a superseded resize resolves with the later one', async () => {
    const { pool, clock } = await fakePool({}, { bootMs: 50 });
    await clock.advance(50);
    const first = watch(pool.resize(4));
    await clock.advance(20);
    const second = watch(pool.resize(2));
    await clock.advance(29);
    expect([first.state, second.state]).toEqual(['pending', 'pending']);
    await clock.advance(21);
    expect([first.state, second.state]).toEqual(['resolved', 'resolved']);
    expect(pool.snapshot()).toMatchObject({ target: 2, live: 2 });
  });

  it('to the present size resolves and counts as no resize', async () => {
    const { pool } = await fakePool();
    await pool.resize(1);
    expect(pool.snapshot().counters.resizes).toEqual({ up: 0, down: 0 });
  });

  it('up and down in one breath leaves nobody behind', async () => {
    const { pool, engine } = await fakePool();
    const resizes = [4, 1, 3, 1, 2].map((size) => watch(pool.resize(size)));
    await settleMicrotasks();
    expect(resizes.map((resize) => resize.state)).toEqual(resizes.map(() => 'resolved'));
    expect(engine.alive).toHaveLength(2);
    expect(pool.snapshot()).toMatchObject({ live: 2, counters: { resizes: { up: 3, down: 2 }, crashes: 0 } });
  });

  it.each([0, -1, 1.5, NaN, Infinity, '2', 5, 1_025, null, undefined])('to %o is refused (P7)', async (target) => {
    const { pool, engine } = await fakePool();
    const error = await rejectionOf(pool.resize(target as number));
    expect(error).toBeInstanceOf(PoolConfigError);
    expect(error.message).toContain(`pool 'fake': resize(target) is `);
    expect(error.message).toContain('a whole number from 1 to 4');
    if (typeof target === 'number') expect(error.cause).toBeInstanceOf(RangeError);
    expect(engine.workers).toHaveLength(1);
    expect(pool.snapshot().target).toBe(1);
  });

  it('refuses options it does not know', async () => {
    const { pool } = await fakePool();
    const error = await rejectionOf(pool.resize(2, { eagr: true } as never));
    expect(error.message).toContain(`Did you mean 'eager'?`);
  });

  it('on a closed or closing pool rejects with PoolClosedError', async () => {
    const { pool } = await fakePool();
    const closed = pool.close();
    expect(await rejectionOf(pool.resize(2))).toBeInstanceOf(PoolClosedError);
    await closed;
    expect(await rejectionOf(pool.resize(2))).toMatchObject({ code: 'POOL_CLOSED', pool: 'fake' });
  });

  it('that waits when the pool closes rejects with PoolClosedError', async () => {
    const { pool } = await fakePool({}, { bootMs: 1_000 });
    const resized = watch(pool.resize(4));
    await pool.close();
    expect(resized.error).toBeInstanceOf(PoolClosedError);
  });
});

describe('eager resize (P3)', () => {
  it('aborts the surplus tasks, the youngest first, and answers their callers', async () => {
    const { pool, engine, clock } = await fakePool({ size: { min: 1, max: 3, initial: 3 } });
    const calls = [];
    for (let call = 0; call < 3; call++) {
      calls.push(...(await submit(pool, 1)));
      await clock.advance(10);
    }
    const [oldest] = engine.workers.filter((worker) => worker.started[0]?.id === 1);
    const resized = watch(pool.resize(1, { eager: true }));
    await settleMicrotasks();
    expect(calls.map((call) => call.state)).toEqual(['pending', 'rejected', 'rejected']);
    expect(calls[1]!.error).toMatchObject({ code: 'EAGER_SHRINK', pool: 'fake' });
    expect(resized.state).toBe('pending');
    expect(pool.snapshot().counters).toMatchObject({ cancelled: 2, crashes: 0 });

    for (const worker of engine.alive) if (worker !== oldest) worker.end(new Error('aborted'), false);
    await settleMicrotasks();
    expect(resized.state).toBe('resolved');
    expect(engine.alive).toEqual([oldest]);
  });

  it('terminates what does not end within the grace', async () => {
    const { pool, engine, clock } = await fakePool({ size: { min: 1, max: 2, initial: 2 }, abortGraceMs: 500 });
    await submit(pool, 2);
    const resized = watch(pool.resize(1, { eager: true }));
    await clock.advance(499);
    expect(engine.alive).toHaveLength(2);
    await clock.advance(1);
    expect(engine.alive).toHaveLength(1);
    expect(resized.state).toBe('resolved');
    expect(pool.snapshot().counters.crashes).toBe(0);
  });

  it('takes idle workers before it interrupts anybody', async () => {
    const { pool, engine } = await fakePool({ size: { min: 1, max: 3, initial: 3 } });
    const [call] = await submit(pool, 1);
    await pool.resize(1, { eager: true });
    expect(call!.state).toBe('pending');
    expect(engine.alive).toHaveLength(1);
  });

  it('takes a worker whose task was already aborted before it interrupts anybody else', async () => {
    const { pool, engine } = await fakePool({ size: { min: 1, max: 2, initial: 2 } });
    const controller = new AbortController();
    const [first] = await submit(pool, 1, { signal: controller.signal });
    const [second] = await submit(pool, 1);
    controller.abort();
    await settleMicrotasks();
    expect(first!.state).toBe('rejected');
    void pool.resize(1, { eager: true });
    await settleMicrotasks();
    expect(second!.state).toBe('pending');
    expect(engine.running).toHaveLength(2);
  });

  it('hands back what was sent and had not started', async () => {
    const { pool, engine } = await fakePool({ size: { min: 1, max: 2, initial: 2 } }, { beginAtOnce: false });
    const calls = await submit(pool, 2);
    engine.workers[0]!.begin();
    await pool.resize(1, { eager: true });
    expect(calls.map((call) => call.state)).toEqual(['pending', 'pending']);
    expect(pool.snapshot()).toMatchObject({ queueDepth: 1, counters: { cancelled: 0 } });
    engine.alive[0]!.end('first');
    engine.alive[0]!.begin();
    engine.alive[0]!.end('second');
    await settleMicrotasks();
    expect(calls.map((call) => call.value).sort()).toEqual(['first', 'second']);
  });
});
