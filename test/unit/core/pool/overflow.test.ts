import { describe, expect, it } from 'vitest';
import { PoolClosedError, PoolFullError } from '../../../../lib/core/errors.js';
import { fakePool } from '../../../support/fake-pool.js';
import { settleMicrotasks } from '../../../support/virtual-clock.js';

const one = { size: { min: 1, max: 1 } };

describe("queue.overflow 'wait' (P4)", () => {
  it('lets a caller wait for room, uncounted until there is some', async () => {
    const { pool, engine } = await fakePool({ ...one, queue: { capacity: 1, overflow: 'wait' } });
    const calls = [1, 2, 3].map((n) => pool.run<string>('work', [n]));
    await settleMicrotasks();
    expect(pool.snapshot()).toMatchObject({ queueDepth: 1, counters: { submitted: 2 } });
    for (let i = 0; i < 3; i++) {
      engine.alive[0]!.end(`result ${i}`);
      await settleMicrotasks();
    }
    expect(await Promise.all(calls)).toEqual(['result 0', 'result 1', 'result 2']);
    expect(pool.snapshot().counters).toMatchObject({ submitted: 3, completed: 3 });
    await pool.close();
  });

  it('gives up after waitMs, on an abort and on a drain, and was never submitted', async () => {
    const { pool, clock } = await fakePool({ ...one, queue: { capacity: 1, overflow: 'wait', waitMs: 50 } });
    const kept = [pool.run('work'), pool.run('work')].map((call) => call.catch(() => undefined));
    const late = pool.run('work').catch((error: unknown) => error);
    await clock.advance(50);
    expect(await late).toBeInstanceOf(PoolFullError);

    const controller = new AbortController();
    const aborted = pool.run('work', [], { signal: controller.signal }).catch((error: unknown) => error);
    await settleMicrotasks();
    controller.abort(new Error('gone'));
    expect(await aborted).toEqual(new Error('gone'));

    const refused = pool.run('work').catch((error: unknown) => error);
    await settleMicrotasks();
    void pool.drain();
    expect(await refused).toMatchObject({ code: 'DRAINING' });
    expect(await refused).toBeInstanceOf(PoolClosedError);
    // The abort and the drain were not the queue's doing.
    expect(pool.snapshot().counters).toMatchObject({ submitted: 2, refused: 1 });
    await closed(pool, clock);
    await Promise.all(kept);
  });
});

describe('callers that share a signal (P10)', () => {
  it('are not let in by the abort that makes room, and their signal has two listeners at most', async () => {
    const { pool, engine } = await fakePool({ ...one, queue: { capacity: 1, overflow: 'wait' } });
    const warnings: unknown[] = [];
    const onWarning = (warning: unknown) => void warnings.push(warning);
    process.on('warning', onWarning);
    const controller = new AbortController();
    const { signal } = controller;
    const calls = Array.from({ length: 30 }, () => pool.run('work', [], { signal }).catch((error: unknown) => error));
    controller.abort('enough');
    expect(new Set(await Promise.all(calls))).toEqual(new Set(['enough']));
    expect(pool.snapshot()).toMatchObject({ queueDepth: 0, counters: { submitted: 2, cancelled: 2 } });
    engine.workers[0]!.end();
    await settleMicrotasks();
    process.off('warning', onWarning);
    expect(pool.snapshot().busy).toBe(0);
    expect(warnings).toEqual([]);
  });
});

describe("queue.overflow 'drop-oldest' (P4)", () => {
  it('makes room by dropping what has waited longest, counted and told', async () => {
    const { pool, engine } = await fakePool({ ...one, queue: { capacity: 2, overflow: 'drop-oldest' } });
    const dropped: number[] = [];
    pool.on('dropped', ({ id }) => dropped.push(id));
    const calls = [1, 2, 3, 4].map((n) => pool.run('work', [n]).catch((error: unknown) => error));
    await settleMicrotasks();
    expect(dropped).toEqual([2]);
    expect(pool.snapshot()).toMatchObject({ queueDepth: 2, counters: { submitted: 4, dropped: 1 } });
    for (let i = 0; i < 3; i++) {
      engine.alive[0]!.end(i);
      await settleMicrotasks();
    }
    const results = await Promise.all(calls);
    expect(results[1]).toBeInstanceOf(PoolFullError);
    expect((results[1] as Error).message).toContain('drop-oldest');
    expect([results[0], results[2], results[3]]).toEqual([0, 1, 2]);
    await pool.close();
  });
});

describe("queue.overflow 'caller-runs' (P4)", () => {
  it('runs what does not fit on the calling thread, with the same counters and events', async () => {
    const { pool, engine } = await fakePool({ ...one, queue: { capacity: 1, overflow: 'caller-runs' } });
    const started: number[] = [];
    pool.on('started', ({ workerId }) => started.push(workerId));
    const calls = [1, 2].map((n) => pool.run('work', [n]));
    expect(await pool.run('work', [3])).toBe('here: work');
    expect(started).toEqual([1, 0]);
    expect(pool.snapshot().counters).toMatchObject({ submitted: 3, completed: 1 });
    for (let i = 0; i < 2; i++) {
      engine.alive[0]!.end(i);
      await settleMicrotasks();
    }
    expect(await Promise.all(calls)).toEqual([0, 1]);
    await pool.close();
  });

  it('refuses while the pool is paused, when nothing may start', async () => {
    const { pool, clock } = await fakePool({ ...one, queue: { capacity: 1, overflow: 'caller-runs' } });
    pool.pause();
    const waiting = pool.run('work').catch((error: unknown) => error);
    await expect(pool.run('work')).rejects.toBeInstanceOf(PoolFullError);
    await closed(pool, clock);
    expect(await waiting).toBeInstanceOf(PoolClosedError);
  });
});

async function closed(
  pool: { close(options: { force: boolean }): Promise<void> },
  clock: { advance(ms: number): Promise<void> },
) {
  const closing = pool.close({ force: true });
  await clock.advance(5_000);
  await closing;
}

describe('calls that a full queue turns away (P4, O1)', () => {
  it.each(['reject', 'drop-oldest'] as const)('are counted, and were never submitted: %s', async (overflow) => {
    const { pool, clock } = await fakePool({ ...one, queue: { capacity: 1, overflow } });
    const calls = [1, 2, 3, 4].map(() => pool.run('work').catch((error: unknown) => error));
    await settleMicrotasks();
    const { submitted, dropped, refused } = pool.snapshot().counters;
    expect({ submitted, dropped, refused }).toEqual(
      overflow === 'reject' ? { submitted: 2, dropped: 0, refused: 2 } : { submitted: 4, dropped: 2, refused: 0 },
    );
    await closed(pool, clock);
    await Promise.all(calls);
    await expect(pool.run('work')).rejects.toThrow('closed');
    expect(pool.snapshot().counters.refused).toBe(refused);
  });
});
