import { describe, expect, it } from 'vitest';
import { PoolFullError, TaskCloneError } from '../../../../lib/core/errors.js';
import { fakePool, submit, unstartedFakePool } from '../../../support/fake-pool.js';
import { settleMicrotasks } from '../../../support/virtual-clock.js';
import { rejectionOf, watch } from '../../../support/watch.js';

describe('the bounded queue (P4)', () => {
  it('refuses what finds it full, and such a call was never submitted', async () => {
    const { pool } = await fakePool({ queue: { capacity: 2 } });
    const calls = await submit(pool, 4);
    expect(calls.map((call) => call.state)).toEqual(['pending', 'pending', 'pending', 'rejected']);
    expect(calls[3]!.error).toBeInstanceOf(PoolFullError);
    expect(calls[3]!.error).toMatchObject({ code: 'POOL_FULL', statusCode: 503, pool: 'fake' });
    expect((calls[3]!.error as Error).message).toContain('2 tasks wait (queue.capacity 2) for 1 workers');
    expect(pool.snapshot()).toMatchObject({ queueDepth: 2, queueCapacity: 2, counters: { submitted: 3, dropped: 0 } });
  });

  it('guesses when there will be room: a second at first, then from the measured service time', async () => {
    const { pool, engine, clock } = await fakePool({ queue: { capacity: 2 }, size: { min: 2, max: 2 } });
    await submit(pool, 4);
    expect(await rejectionOf(pool.run('work'))).toMatchObject({ retryAfterMs: 1_000 });
    await clock.advance(300);
    for (const worker of engine.running) worker.end();
    await settleMicrotasks();
    await submit(pool, 2);
    // Two waiting tasks of 300 ms on two workers.
    expect(await rejectionOf(pool.run('work'))).toMatchObject({ retryAfterMs: 300 });
  });

  it('counts tasks that were sent and have not started', async () => {
    const { pool } = await fakePool({ queue: { capacity: 2 } }, { beginAtOnce: false });
    const calls = await submit(pool, 3);
    expect(calls.map((call) => call.state)).toEqual(['pending', 'pending', 'rejected']);
    expect(pool.snapshot().queueDepth).toBe(2);
  });

  it('has room again as soon as a task starts', async () => {
    const { pool, engine } = await fakePool({ queue: { capacity: 1 } });
    await submit(pool, 2);
    engine.workers[0]!.end();
    const [call] = await submit(pool, 1);
    expect(call!.state).toBe('pending');
  });

  it('takes a million-fold capacity without setting it aside', async () => {
    const { pool } = await fakePool({ queue: { capacity: Number.MAX_SAFE_INTEGER } });
    expect(pool.snapshot().queueCapacity).toBe(Number.MAX_SAFE_INTEGER);
  });
});

describe('a long queue of tasks that cannot be sent', () => {
  it('fails each of them and serves the rest, however many there are', async () => {
    const { pool, engine, clock } = unstartedFakePool({}, { bootMs: 10 });
    pool.start();
    const [worker] = engine.workers;
    const dispatch = worker!.dispatch.bind(worker);
    worker!.dispatch = ([task]) => {
      if (task!.args[0] !== 'uncloneable') return dispatch([task!]);
      const value = new TaskCloneError('args[0] is a function', { pool: 'fake', path: 'args[0]' });
      const timing = { serviceMs: 0, cloneMs: 0, dispatchMs: 0 };
      worker!.sink.settled([{ task: task!, ok: false, value, timing }]);
    };
    const broken = Array.from({ length: 9_000 }, () => watch(pool.run('work', ['uncloneable'])));
    const [whole] = await submit(pool, 1);
    await clock.advance(10);
    expect(broken.every((call) => call.error instanceof TaskCloneError)).toBe(true);
    worker!.end('served');
    await settleMicrotasks();
    expect(whole!.value).toBe('served');
    const { counters, service } = pool.snapshot();
    expect(counters).toMatchObject({ submitted: 9_001, failed: 9_000, completed: 1, crashes: 0 });
    // They never ran, so they say nothing about how long tasks take.
    expect(service.max).toBe(0);
  });
});
