import { describe, expect, it } from 'vitest';
import { PoolFullError } from '../../../../lib/core/errors.js';
import { fakePool, submit } from '../../../support/fake-pool.js';
import { settleMicrotasks } from '../../../support/virtual-clock.js';
import { actUntil, rejectionOf, watch } from '../../../support/watch.js';

describe('pause', () => {
  it('starts nothing new; running tasks end and submissions queue', async () => {
    const { pool, engine } = await fakePool();
    const [running] = await submit(pool, 1);
    pool.pause();
    const [waiting] = await submit(pool, 1);
    engine.workers[0]!.end('ended');
    await settleMicrotasks();
    expect(running!.value).toBe('ended');
    expect(waiting!.state).toBe('pending');
    expect(pool.snapshot()).toMatchObject({ state: 'paused', busy: 0, queueDepth: 1 });
  });

  it('keeps the queue bounded', async () => {
    const { pool } = await fakePool({ queue: { capacity: 2 } });
    pool.pause();
    const calls = await submit(pool, 3);
    expect(calls.map((call) => call.state)).toEqual(['pending', 'pending', 'rejected']);
    expect(calls[2]!.error).toBeInstanceOf(PoolFullError);
  });

  it('is the only way to zero workers (P7), and resume brings them back', async () => {
    const { pool, engine, clock } = await fakePool({ idleExpiryMs: 1_000, size: { min: 2, max: 4 } });
    pool.pause();
    await clock.advance(1_000);
    expect(engine.alive).toHaveLength(0);
    expect(pool.snapshot()).toMatchObject({ size: 0, live: 0, target: 2, utilization: 0 });
    const calls = await submit(pool, 5);
    expect(engine.alive).toHaveLength(0);
    pool.resume();
    await settleMicrotasks();
    expect(engine.alive).toHaveLength(2);
    await actUntil(
      () => engine.running.length === 0,
      () => {
        engine.running[0]!.end();
        return settleMicrotasks();
      },
    );
    expect(calls.every((call) => call.state === 'resolved')).toBe(true);
  });

  it('lets a crashed worker come back only as far as it is wanted', async () => {
    const { pool, engine, clock } = await fakePool({ idleExpiryMs: 1_000 });
    await submit(pool, 1);
    pool.pause();
    await clock.advance(500);
    engine.workers[0]!.crash();
    await clock.advance(10_000);
    expect(engine.alive).toHaveLength(0);
  });

  it('in the middle of a start, by a listener, stops the next one', async () => {
    const { pool, engine } = await fakePool({ size: { min: 2, max: 2 } });
    pool.pause();
    await submit(pool, 2);
    pool.on('started', () => pool.pause());
    pool.resume();
    await settleMicrotasks();
    expect(engine.running).toHaveLength(1);
    expect(pool.snapshot()).toMatchObject({ state: 'paused', queueDepth: 1 });
  });

  it('and resume are idempotent and tell once', async () => {
    const { pool } = await fakePool();
    const told: string[] = [];
    pool.on('paused', () => told.push('paused')).on('resumed', () => told.push('resumed'));
    pool.resume();
    pool.pause();
    pool.pause();
    pool.resume();
    pool.resume();
    expect(told).toEqual(['paused', 'resumed']);
  });

  it('is refused on a draining and on a closed pool', async () => {
    const { pool } = await fakePool();
    await pool.drain();
    expect(() => pool.pause()).toThrow(expect.objectContaining({ code: 'DRAINING' }));
    await pool.close();
    expect(() => pool.pause()).toThrow(expect.objectContaining({ code: 'POOL_CLOSED' }));
    expect(() => pool.resume()).toThrow(expect.objectContaining({ code: 'POOL_CLOSED' }));
  });
});

describe('drain', () => {
  it('refuses new work with the code DRAINING and finishes what was accepted', async () => {
    const { pool, engine } = await fakePool();
    const calls = await submit(pool, 2);
    const drained = watch(pool.drain());
    const refused = await rejectionOf(pool.run('work'));
    expect(refused).toMatchObject({ name: 'PoolClosedError', code: 'DRAINING', statusCode: 503, pool: 'fake' });
    expect(pool.snapshot()).toMatchObject({ state: 'draining', counters: { submitted: 2 } });
    engine.workers[0]!.end();
    await settleMicrotasks();
    expect(drained.state).toBe('pending');
    engine.workers[0]!.end();
    await settleMicrotasks();
    expect(drained.state).toBe('resolved');
    expect(calls.map((call) => call.state)).toEqual(['resolved', 'resolved']);
  });

  it('on a paused pool lets the queue flow', async () => {
    const { pool, engine } = await fakePool();
    pool.pause();
    const [call] = await submit(pool, 1);
    const drained = watch(pool.drain());
    await settleMicrotasks();
    engine.workers[0]!.end();
    await settleMicrotasks();
    expect([call!.state, drained.state]).toEqual(['resolved', 'resolved']);
  });

  it('is ended by resume, which reopens the pool', async () => {
    const { pool, engine } = await fakePool();
    await submit(pool, 1);
    const drained = watch(pool.drain());
    pool.resume();
    await settleMicrotasks();
    expect(drained.error).toMatchObject({ code: 'DRAIN_ENDED', pool: 'fake' });
    const [call] = await submit(pool, 1);
    engine.workers[0]!.end();
    engine.workers[0]!.end();
    await settleMicrotasks();
    expect(call!.state).toBe('resolved');
  });

  it('tells once that it is done, however often it was asked for', async () => {
    const { pool, engine } = await fakePool();
    let drained = 0;
    pool.on('drained', () => drained++);
    await submit(pool, 1);
    const drains = [pool.drain(), pool.drain()];
    engine.workers[0]!.end();
    await Promise.all(drains);
    await pool.drain();
    expect(drained).toBe(1);
  });

  it('of a quiet pool resolves at once', async () => {
    const { pool } = await fakePool();
    let drained = 0;
    pool.on('drained', () => drained++);
    await pool.drain();
    expect(drained).toBe(1);
  });

  it('on a closed pool resolves', async () => {
    const { pool } = await fakePool();
    await pool.close();
    await pool.drain();
  });
});
