import { describe, expect, it } from 'vitest';
import { submit } from '../../../support/fake-pool.js';
import { settleMicrotasks } from '../../../support/virtual-clock.js';
import { watchedPool } from '../../../support/watched-pool.js';

const UP = { status: 'up', reasons: [] };
const MINUTE = 60_000;
/** Every check off, so that one can be looked at alone. */
const NONE = {
  maxQueueRatio: false,
  maxP99WaitMs: false,
  maxAtMaxMs: false,
  crashLoop: false,
  stalledAfterMs: false,
} as const;

describe('a queue that fills up', () => {
  it('is degraded from the ratio on', async () => {
    const { pool, health } = await watchedPool({ size: { max: 1 }, queue: { capacity: 10 } });
    await submit(pool, 8);
    expect(health()).toEqual(UP);
    await submit(pool, 1);
    expect(health()).toEqual({ status: 'degraded', reasons: ['its queue is 80 % full: 8 tasks of at most 10'] });
    expect(health({ maxQueueRatio: 0.81 })).toEqual(UP);
    expect(health({ maxQueueRatio: false })).toEqual(UP);
    expect(health({ means: { queue: 'down' } }).status).toBe('down');
  });

  it('counts while the pool is paused as well', async () => {
    const { pool, health } = await watchedPool({ queue: { capacity: 2 } });
    pool.pause();
    await submit(pool, 2);
    expect(health().reasons).toContain('its queue is 100 % full: 2 tasks of at most 2');
  });
});

describe('tasks that wait for long', () => {
  it('are too long at ten times the objective, unless a limit is given; without autoscaler there is none', async () => {
    const { pool, engine, clock, health } = await watchedPool({ size: { max: 1 } });
    await submit(pool, 2);
    await clock.advance(1_500);
    engine.running[0]!.end();
    await settleMicrotasks();
    const { p99 } = pool.snapshot().wait;
    expect(p99).toBeGreaterThan(1_000);
    expect(health()).toEqual({
      status: 'degraded',
      reasons: [`the p99 of its wait is ${Math.round(p99).toLocaleString('en-US')} ms, above 1,000 ms`],
    });
    expect(health({}, null)).toEqual(UP);
    expect(health({}, 200)).toEqual(UP);
    expect(health({ maxP99WaitMs: 500 }, null).status).toBe('degraded');
    expect(health({ maxP99WaitMs: false })).toEqual(UP);
  });

  it('count while they still wait, since none may ever start; in a pause they wait by intent', async () => {
    const { pool, clock, health } = await watchedPool({ size: { max: 1 } });
    await submit(pool, 2);
    await clock.advance(1_001);
    expect(health().reasons).toEqual(['the next task has waited for 1,001 ms, above 1,000 ms']);
    pool.pause();
    expect(health().reasons).toEqual(['the pool is paused']);
  });
});

describe('a pool at its maximum (O2)', () => {
  const atMax = { ...NONE, maxAtMaxMs: 5 * MINUTE };

  it('is degraded when it has stood there for long while tasks waited without a break', async () => {
    const { pool, clock, health } = await watchedPool({ size: { min: 1, max: 2 } });
    await submit(pool, 5);
    await clock.advance(MINUTE);
    void pool.resize(2);
    await clock.advance(5 * MINUTE - 1);
    expect(health(atMax)).toEqual(UP);
    await clock.advance(1);
    expect(health(atMax)).toEqual({
      status: 'degraded',
      reasons: ['it has stood at its maximum of 2 workers for 5 min, and tasks waited all that time'],
    });
    void pool.resize(1);
    await clock.advance(10 * MINUTE);
    expect(health(atMax)).toEqual(UP);
  });

  it('starts anew when the queue has been empty', async () => {
    const { pool, engine, clock, health } = await watchedPool({ size: { min: 1, max: 1 } });
    await submit(pool, 2);
    await clock.advance(4 * MINUTE);
    engine.running[0]!.end();
    await settleMicrotasks();
    await submit(pool, 1);
    await clock.advance(4 * MINUTE);
    expect(health(atMax)).toEqual(UP);
    await clock.advance(MINUTE);
    expect(health(atMax).status).toBe('degraded');
  });

  it('may be busy for as long as it likes while nobody waits', async () => {
    const { pool, clock, health } = await watchedPool({ size: { min: 1, max: 1 } });
    await submit(pool, 1);
    await clock.advance(60 * MINUTE);
    expect(health(atMax)).toEqual(UP);
  });

  it('does not count the time of a pause', async () => {
    const { pool, clock, health } = await watchedPool({ size: { min: 1, max: 1 } });
    pool.pause();
    await submit(pool, 2);
    await clock.advance(6 * MINUTE);
    expect(health({ ...atMax, means: { paused: 'up' } })).toEqual(UP);
    pool.resume();
    await clock.advance(4 * MINUTE);
    expect(health(atMax)).toEqual(UP);
    await clock.advance(MINUTE);
    expect(health(atMax).status).toBe('degraded');
  });
});

describe('a pool at a maximum that was lowered to where it stood (O5)', () => {
  it('has stood at it since then, and no longer', async () => {
    const { pool, clock, health } = await watchedPool({ size: { min: 1, max: 4 }, scaling: false });
    void pool.resize(2);
    await submit(pool, 5);
    await clock.advance(60 * MINUTE);
    pool.prepare({ name: 'fake', size: { min: 1, max: 2 }, scaling: false }).apply('pools.yaml');
    const atMax = { ...NONE, maxAtMaxMs: 5 * MINUTE };
    expect(health(atMax)).toEqual(UP);
    await clock.advance(5 * MINUTE);
    expect(health(atMax).reasons).toEqual([
      'it has stood at its maximum of 2 workers for 5 min, and tasks waited all that time',
    ]);
  });
});

describe('a pool that is drained out of a pause', () => {
  it('is not stalled for the time of the pause', async () => {
    const { pool, clock, health } = await watchedPool({ size: { min: 1, max: 1 }, idleExpiryMs: 90 * MINUTE });
    pool.pause();
    await submit(pool, 2);
    await clock.advance(60 * MINUTE);
    void pool.drain();
    const checks = { ...NONE, stalledAfterMs: MINUTE, means: { draining: 'up' } } as const;
    expect(health(checks)).toEqual(UP);
    await clock.advance(MINUTE);
    expect(health(checks).status).toBe('degraded');
  });
});

describe('a crash loop', () => {
  it('is so many crashes within so long', async () => {
    const { pool, engine, clock, health } = await watchedPool({ size: { min: 3, max: 3 } });
    for (const worker of engine.alive.slice(0, 2)) worker.crash();
    await settleMicrotasks();
    expect(health()).toEqual(UP);
    await clock.advance(30_000);
    engine.alive[0]!.crash();
    await settleMicrotasks();
    expect(health()).toEqual({ status: 'degraded', reasons: ['3 workers crashed within 60 s'] });
    expect(health({ crashLoop: { crashes: 4 } })).toEqual(UP);
    expect(health({ crashLoop: { withinMs: 29_999 } })).toEqual(UP);
    expect(health({ crashLoop: { crashes: 1, withinMs: 1 } }).reasons).toEqual(['1 worker crashed within 1 ms']);
    expect(health({ crashLoop: false })).toEqual(UP);
    await clock.advance(30_001);
    expect(health()).toEqual(UP);
    await pool.close({ force: true });
  });

  it('counts boots that fail, and no worker that was asked to leave', async () => {
    const { pool, engine, clock, health } = await watchedPool({ size: { min: 1, max: 6 } });
    await pool.resize(6);
    await pool.resize(1);
    expect(health({ crashLoop: { crashes: 1 } })).toEqual(UP);
    engine.bootError = new Error('no such module');
    engine.alive[0]!.crash();
    await clock.advance(10_000);
    expect(health().reasons).toEqual([expect.stringMatching(/^\d workers crashed within 60 s$/)]);
    await pool.close({ force: true });
  });
});

describe('a stall: there are tasks and live workers, and none ends', () => {
  const stalled = { ...NONE, stalledAfterMs: MINUTE };

  it('is degraded, or down where somebody says so', async () => {
    const { pool, engine, clock, health } = await watchedPool({ size: { min: 2, max: 2 } });
    await submit(pool, 3);
    await clock.advance(MINUTE - 1);
    expect(health(stalled)).toEqual(UP);
    await clock.advance(1);
    const reason = 'no task has ended for 60 s, with 2 workers busy and 1 task waiting';
    expect(health(stalled)).toEqual({ status: 'degraded', reasons: [reason] });
    expect(health({ ...stalled, means: { stalled: 'down' } })).toEqual({ status: 'down', reasons: [reason] });
    expect(health(NONE)).toEqual(UP);
    engine.running[0]!.end();
    await settleMicrotasks();
    expect(health(stalled)).toEqual(UP);
  });

  it('is none while there is nothing to do, however long', async () => {
    const { pool, clock, health } = await watchedPool();
    await clock.advance(10 * MINUTE);
    expect(health()).toEqual(UP);
    await submit(pool, 1);
    expect(health()).toEqual(UP);
  });

  it('is not ended by a time-out: its caller was answered, and nothing was done', async () => {
    const { pool, clock, health } = await watchedPool({ size: { max: 1 }, abortGraceMs: 5 * MINUTE });
    await submit(pool, 3, { timeoutMs: MINUTE / 2 });
    await clock.advance(MINUTE);
    expect(pool.snapshot().counters.failed).toBeGreaterThan(0);
    expect(health(stalled).status).toBe('degraded');
  });

  it('begins when tasks could have started: not in a pause, and not before the first worker is up', async () => {
    const { pool, clock, health } = await watchedPool({ size: { min: 1, max: 1 } }, { bootMs: 2 * MINUTE });
    await submit(pool, 1);
    await clock.advance(MINUTE);
    expect(pool.snapshot()).toMatchObject({ live: 0, starting: 1, noneEndedForMs: MINUTE });
    expect(health(stalled)).toEqual(UP);
    await clock.advance(MINUTE);
    expect(pool.snapshot()).toMatchObject({ live: 1, busy: 1 });
    expect(health(stalled)).toEqual(UP);
    await clock.advance(MINUTE);
    expect(health(stalled).status).toBe('degraded');
    pool.pause();
    expect(health({ ...stalled, means: { paused: 'up' } })).toEqual(UP);
    pool.resume();
    expect(health(stalled)).toEqual(UP);
  });
});
