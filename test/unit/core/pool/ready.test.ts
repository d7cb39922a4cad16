import { describe, expect, it } from 'vitest';
import { TaskNotFoundError } from '../../../../lib/core/errors.js';
import { fakePool, submit, unstartedFakePool } from '../../../support/fake-pool.js';
import { settleMicrotasks } from '../../../support/virtual-clock.js';
import { rejectionOf, watch } from '../../../support/watch.js';

describe('ready()', () => {
  it('resolves when the initial workers are up; run() before that queues', async () => {
    const { pool, engine, clock } = await fakePool({ size: { min: 1, max: 4, initial: 3 } }, { bootMs: 40 });
    const ready = watch(pool.ready());
    const [call] = await submit(pool, 1);
    expect([ready.state, call!.state, pool.snapshot().starting]).toEqual(['pending', 'pending', 3]);
    await clock.advance(40);
    expect(ready.state).toBe('resolved');
    engine.running[0]!.end('queued');
    await settleMicrotasks();
    expect(call!.value).toBe('queued');
  });

  it('starts a pool that was told to wait, as a first run() does', async () => {
    for (const begin of ['ready', 'run'] as const) {
      const { pool, engine } = unstartedFakePool();
      await settleMicrotasks();
      expect(engine.workers).toHaveLength(0);
      void watch(begin === 'ready' ? pool.ready() : pool.run('work'));
      await settleMicrotasks();
      expect(engine.workers).toHaveLength(1);
    }
  });

  it('waits for a worker of the first ones that is booted again', async () => {
    const { pool, engine, clock } = await fakePool({ size: { min: 2, max: 4 } }, { bootMs: 40 });
    const ready = watch(pool.ready());
    engine.workers[0]!.crash();
    await clock.advance(40);
    expect(ready.state).toBe('resolved');
    expect(engine.alive).toHaveLength(2);
  });

  it('resolves when a resize makes those that are up enough', async () => {
    const { pool, engine, clock } = await fakePool({ size: { min: 1, max: 4, initial: 2 } }, { bootMs: 50 });
    const ready = watch(pool.ready());
    await clock.advance(20);
    engine.workers[0]!.crash();
    await clock.advance(30);
    expect([ready.state, pool.snapshot()]).toMatchObject(['pending', { live: 1, starting: 1 }]);
    await pool.resize(1);
    await clock.advance(0);
    expect(ready.state).toBe('resolved');
  });

  it('stays resolved', async () => {
    const { pool, clock } = await fakePool({ idleExpiryMs: 10 });
    await pool.ready();
    pool.pause();
    await clock.advance(10);
    await pool.ready();
    await pool.close();
    await pool.ready();
  });
});

describe('unknown tasks', () => {
  it('are refused with the known ones and the nearest, and were never submitted', async () => {
    const { pool } = await fakePool({}, { taskNames: ['thumbnail', 'report'] });
    const error = await rejectionOf(pool.run('thumbnial'));
    expect(error).toBeInstanceOf(TaskNotFoundError);
    expect(error).toMatchObject({ code: 'TASK_NOT_FOUND', pool: 'fake' });
    expect(error.message).toBe(
      `pool 'fake' has no task 'thumbnial'. Did you mean 'thumbnail'? Its tasks: thumbnail, report.`,
    );
    expect(pool.snapshot().counters.submitted).toBe(0);
  });

  it('tells those that wait for room, too, that their task does not exist (P4)', async () => {
    const { pool, engine, clock } = unstartedFakePool(
      { size: { min: 1, max: 1 }, queue: { capacity: 1, overflow: 'wait' } },
      { bootMs: 10, taskNames: () => ['work'] },
    );
    const calls = Array.from({ length: 3 }, () => watch(pool.run('wrok')));
    await clock.advance(10);
    expect(calls.map(({ error }) => (error as { code?: string } | undefined)?.code)).toEqual([
      'TASK_NOT_FOUND',
      'TASK_NOT_FOUND',
      'TASK_NOT_FOUND',
    ]);
    expect(engine.running).toHaveLength(0);
  });

  it.each(['__proto__', 'constructor', 'toString', ''])('%o is just unknown', async (task) => {
    const { pool } = await fakePool();
    expect(await rejectionOf(pool.run(task))).toBeInstanceOf(TaskNotFoundError);
  });

  it.each([undefined, null, 7, {}, Symbol('work')])('%o is not a name', async (task) => {
    const { pool } = await fakePool();
    expect(await rejectionOf(pool.run(task as string))).toMatchObject({ code: 'POOL_CONFIG' });
  });
});

describe('calls that are refused', () => {
  it.each<[string, unknown, unknown, string]>([
    ['arguments that are no array', 'a', undefined, `run('work', args) is "a", but must be an array of the arguments`],
    ['arguments of null', null, undefined, `run('work', args) is null`],
    ['an unknown option', [], { timeout: 5 }, `run() has no option "timeout". Did you mean 'timeoutMs'?`],
    ['options of null', [], null, 'the options of run() is null'],
    ['a signal that is none', [], { signal: {} }, 'signal is an object, but must be an AbortSignal'],
    ['a transfer that is no array', [], { transfer: new ArrayBuffer(1) }, 'transfer is an object'],
    ['a timeout of 0', [], { timeoutMs: 0 }, 'timeoutMs is 0'],
    ['a queue timeout of Infinity', [], { queueTimeoutMs: Infinity }, 'queueTimeoutMs is Infinity'],
  ])('%s', async (_, args, options, message) => {
    const { pool } = await fakePool();
    const error = await rejectionOf(pool.run('work', args as never, options as never));
    expect(error).toMatchObject({ code: 'POOL_CONFIG', pool: 'fake' });
    expect(error.message).toContain(message);
    expect(pool.snapshot().counters.submitted).toBe(0);
  });
});
