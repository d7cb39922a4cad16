import { describe, expect, it } from 'vitest';
import { PoolClosedError, PoolConfigError } from '../../../../lib/core/errors.js';
import { fakePool, submit, unstartedFakePool } from '../../../support/fake-pool.js';
import { settleMicrotasks } from '../../../support/virtual-clock.js';
import { actUntil, rejectionOf, watch } from '../../../support/watch.js';

describe('close (P8)', () => {
  it('finishes what was accepted, then leaves nothing behind', async () => {
    const { pool, engine, clock } = await fakePool({ size: { min: 2, max: 4 } });
    const calls = await submit(pool, 5);
    const closed = watch(pool.close());
    expect(pool.snapshot().state).toBe('draining');
    for (let round = 0; round < 5; round++) {
      engine.running[0]!.end(round);
      await settleMicrotasks();
    }
    expect(calls.map((call) => call.value).sort()).toEqual([0, 1, 2, 3, 4]);
    expect(closed.state).toBe('resolved');
    expect(engine.alive).toHaveLength(0);
    expect(clock.scheduled).toBe(0);
    expect(pool.snapshot()).toMatchObject({ state: 'closed', size: 0, counters: { submitted: 5, completed: 5 } });
  });

  it('refuses new work from the first moment on, without throwing', async () => {
    const { pool } = await fakePool();
    void pool.close();
    const refused = pool.run('work');
    const error = await rejectionOf(refused);
    expect(error).toBeInstanceOf(PoolClosedError);
    expect(error).toMatchObject({ code: 'POOL_CLOSED', statusCode: 503, pool: 'fake' });
    expect(pool.snapshot().counters.submitted).toBe(0);
  });

  it('is idempotent: every call resolves when nothing runs any more', async () => {
    const { pool, engine } = await fakePool();
    await submit(pool, 1);
    const closes = [watch(pool.close()), watch(pool.close()), watch(pool[Symbol.asyncDispose]())];
    await settleMicrotasks();
    expect(closes.map((close) => close.state)).toEqual(['pending', 'pending', 'pending']);
    engine.workers[0]!.end();
    await settleMicrotasks();
    expect(closes.map((close) => close.state)).toEqual(['resolved', 'resolved', 'resolved']);
    await pool.close();
  });

  it('tells once', async () => {
    const { pool } = await fakePool();
    let closed = 0;
    pool.on('closed', () => closed++);
    await Promise.all([pool.close(), pool.close({ force: true })]);
    await pool.close();
    expect(closed).toBe(1);
  });

  it('aborts at the deadline, and terminates after the grace', async () => {
    const { pool, engine, clock } = await fakePool({ size: { min: 2, max: 2 }, abortGraceMs: 500 });
    const calls = await submit(pool, 3);
    const closed = watch(pool.close({ timeoutMs: 2_000 }));
    await clock.advance(1_999);
    expect(calls.map((call) => call.state)).toEqual(['pending', 'pending', 'pending']);
    await clock.advance(1);
    expect(calls.map((call) => call.error)).toEqual(calls.map(() => expect.any(PoolClosedError)));
    expect((calls[0]!.error as Error).message).toContain('Give close() a longer timeoutMs');
    engine.running[0]!.end(new Error('aborted'), false);
    await settleMicrotasks();
    expect(engine.alive).toHaveLength(1);
    expect(closed.state).toBe('pending');
    await clock.advance(500);
    expect(closed.state).toBe('resolved');
    expect(engine.alive).toHaveLength(0);
    expect(clock.scheduled).toBe(0);
    expect(pool.snapshot().counters).toMatchObject({ submitted: 3, cancelled: 3, crashes: 0 });
  });

  it('has a deadline of ten seconds where none is given', async () => {
    const { pool, clock } = await fakePool();
    const [call] = await submit(pool, 1);
    void pool.close();
    await clock.advance(9_999);
    expect(call!.state).toBe('pending');
    await clock.advance(1);
    expect(call!.state).toBe('rejected');
  });

  it('with force aborts at once', async () => {
    const { pool, engine, clock } = await fakePool();
    const calls = await submit(pool, 2);
    const closed = watch(pool.close({ force: true }));
    await clock.advance(0);
    expect(calls.map((call) => call.state)).toEqual(['rejected', 'rejected']);
    await clock.advance(1_000);
    expect(closed.state).toBe('resolved');
    expect(engine.alive).toHaveLength(0);
  });

  it('the shorter deadline wins, whichever comes first', async () => {
    for (const deadlines of [
      [5_000, 100],
      [100, 5_000],
    ]) {
      const { pool, clock } = await fakePool();
      const [call] = await submit(pool, 1);
      for (const timeoutMs of deadlines) void pool.close({ timeoutMs });
      await clock.advance(99);
      expect(call!.state).toBe('pending');
      await clock.advance(1);
      expect(call!.state).toBe('rejected');
    }
  });

  it('with force cuts a running close short', async () => {
    const { pool, clock } = await fakePool();
    const [call] = await submit(pool, 1);
    const closed = watch(pool.close({ timeoutMs: 60_000 }));
    await clock.advance(1_000);
    void pool.close({ force: true });
    await clock.advance(1_000);
    expect([call!.state, closed.state]).toEqual(['rejected', 'resolved']);
    expect(clock.scheduled).toBe(0);
  });

  it('terminates a worker whose tear-down hangs', async () => {
    const { pool, engine, clock } = await fakePool({ abortGraceMs: 500 }, { tearDownHangs: true });
    const closed = watch(pool.close({ timeoutMs: 2_000 }));
    await clock.advance(2_499);
    expect(closed.state).toBe('pending');
    await clock.advance(1);
    expect(closed.state).toBe('resolved');
    expect(engine.alive).toHaveLength(0);
  });

  it('does not wait for workers that are still booting', async () => {
    const { pool, engine, clock } = await fakePool({}, { bootMs: 60_000 });
    await pool.close();
    expect(engine.alive).toHaveLength(0);
    expect(clock.scheduled).toBe(0);
    expect(pool.snapshot()).toMatchObject({ size: 0, counters: { crashes: 0 } });
  });

  it('with work waiting waits for the boot, up to the deadline', async () => {
    const { pool, engine, clock } = await fakePool({}, { bootMs: 3_000 });
    const [call] = await submit(pool, 1);
    void pool.close();
    await clock.advance(3_000);
    engine.running[0]!.end('kept');
    await settleMicrotasks();
    expect(call!.value).toBe('kept');
  });

  it('of a paused pool finishes what waits', async () => {
    const { pool, engine, clock } = await fakePool({ idleExpiryMs: 1_000 });
    pool.pause();
    await clock.advance(1_000);
    const [call] = await submit(pool, 1);
    const closed = watch(pool.close());
    await settleMicrotasks();
    engine.running[0]!.end('kept');
    await settleMicrotasks();
    expect([call!.value, closed.state]).toEqual(['kept', 'resolved']);
  });

  it('of a draining pool resolves both', async () => {
    const { pool, engine } = await fakePool();
    await submit(pool, 1);
    const drained = watch(pool.drain());
    const closed = watch(pool.close());
    engine.workers[0]!.end();
    await settleMicrotasks();
    expect([drained.state, closed.state]).toEqual(['resolved', 'resolved']);
  });

  it('of a pool that was never started starts nobody', async () => {
    const { pool, engine, clock } = unstartedFakePool();
    await pool.close();
    expect(engine.workers).toHaveLength(0);
    expect(clock.scheduled).toBe(0);
    expect(pool.snapshot().state).toBe('closed');
  });

  it('of a pool that cannot boot resolves', async () => {
    const { pool, engine, clock } = await fakePool();
    engine.bootError = new Error('broken');
    engine.workers[0]!.crash();
    await clock.advance(1_000);
    const closed = watch(pool.close());
    await clock.advance(60_000);
    expect(closed.state).toBe('resolved');
    expect(pool.snapshot().state).toBe('closed');
    expect(clock.scheduled).toBe(0);
  });

  it('while a fourth boot is under way, after three that failed, resolves', async () => {
    const { pool, engine, clock } = await fakePool({}, { bootMs: 50 });
    engine.bootError = new Error('broken');
    await actUntil(
      () => engine.workers.length === 4,
      () => clock.advance(10),
    );
    const closed = watch(pool.close());
    await settleMicrotasks();
    expect(closed).toMatchObject({ state: 'resolved', error: undefined });
    expect(pool.snapshot().state).toBe('closed');
  });

  it('survives submit, resize, prewarm, pause and close in the same breath, and loses nothing accepted', async () => {
    const { pool, engine, clock } = await fakePool();
    const accepted = await submit(pool, 10);
    const refused = [pool.close(), pool.run('work'), pool.resize(3), pool.prewarm(2), pool.release(), pool.pin(2)].map(
      watch,
    );
    await actUntil(
      () => engine.running.length === 0,
      () => {
        engine.running[0]!.end('kept');
        return settleMicrotasks();
      },
    );
    expect(accepted.map((call) => call.value)).toEqual(accepted.map(() => 'kept'));
    expect(refused.map((call) => call.state)).toEqual(['resolved', ...refused.slice(1).map(() => 'rejected')]);
    expect(refused.slice(1).every((call) => call.error instanceof PoolClosedError)).toBe(true);
    expect(clock.scheduled).toBe(0);
  });

  it('rejects ready() that nobody will fulfil', async () => {
    const { pool } = await fakePool({}, { bootMs: 1_000 });
    const ready = watch(pool.ready());
    await pool.close();
    expect(ready.error).toBeInstanceOf(PoolClosedError);
    expect(await rejectionOf(pool.ready())).toBeInstanceOf(PoolClosedError);
  });

  it.each([-1, NaN, '5', null, {}])('refuses a deadline of %o, and does not close', async (timeoutMs) => {
    const { pool } = await fakePool();
    expect(await rejectionOf(pool.close({ timeoutMs: timeoutMs as number }))).toBeInstanceOf(PoolConfigError);
    expect(pool.snapshot().state).toBe('open');
  });

  it('refuses options it does not know', async () => {
    const { pool } = await fakePool();
    await expect(pool.close({ timeout: 5 } as never)).rejects.toThrow(`Did you mean 'timeoutMs'?`);
  });

  it('takes no deadline at all for an answer', async () => {
    const { pool, engine, clock } = await fakePool();
    await submit(pool, 1);
    const closed = watch(pool.close({ timeoutMs: Infinity }));
    await clock.advance(1e9);
    expect(closed.state).toBe('pending');
    engine.workers[0]!.end();
    await settleMicrotasks();
    expect(closed.state).toBe('resolved');
    expect(clock.scheduled).toBe(0);
  });
});
