import { describe, expect, it } from 'vitest';
import type { QuarantinedTask } from '../../../../lib/core/contract/quarantine.js';
import { PoolConfigError, TaskQuarantinedError, WorkerCrashedError } from '../../../../lib/core/errors.js';
import { aheadPool, fakePool, submit } from '../../../support/fake-pool.js';
import { settleMicrotasks } from '../../../support/virtual-clock.js';
import { rejectionOf, watch } from '../../../support/watch.js';

type Fake = Awaited<ReturnType<typeof fakePool>>;

/** Calls `work` with these arguments, and lets its worker exit. */
async function killWith({ pool, engine, clock }: Fake, args: readonly unknown[], times = 1) {
  const calls = [];
  for (let time = 0; time < times; time++) {
    calls.push(watch(pool.run('work', args)));
    await settleMicrotasks();
    engine.running[0]!.crash(7);
    await clock.advance(40_000);
  }
  return calls;
}

describe('a task that made three workers exit (P9)', () => {
  it('is refused from then on, for the same arguments, by an error that says how to let it run again', async () => {
    const fake = await fakePool();
    const quarantined: QuarantinedTask[] = [];
    fake.pool.on('quarantined', (entry) => quarantined.push(entry));
    const calls = await killWith(fake, [{ id: 1, data: new Uint8Array([1]) }], 3);
    expect(calls.map(({ error }) => (error as Error).constructor)).toEqual([
      WorkerCrashedError,
      WorkerCrashedError,
      TaskQuarantinedError,
    ]);
    const error = await rejectionOf<TaskQuarantinedError>(
      fake.pool.run('work', [{ id: 1, data: new Uint8Array([1]) }]),
    );
    expect(error).toBeInstanceOf(TaskQuarantinedError);
    expect(error).toMatchObject({ code: 'TASK_QUARANTINED', pool: 'fake', id: 1, crashes: 3 });
    expect(error.cause).toMatchObject({ code: 'WORKER_CRASHED', exitCode: 7 });
    expect(error.message).toMatch(
      /^pool 'fake': 'work', with these arguments, made 3 workers exit and is in quarantine since .+Z: no worker runs it\. .*pool\.quarantine\.release\(1\)/,
    );
    expect(quarantined).toEqual([{ id: 1, task: 'work', crashes: 3, since: expect.any(Number), error: error.cause }]);
    expect(fake.pool.quarantine.list()).toEqual(quarantined);
    expect(fake.pool.snapshot()).toMatchObject({ size: 1, counters: { submitted: 3, failed: 3, crashes: 3 } });
  });

  it('costs other calls nothing: they run, with other arguments as well', async () => {
    const fake = await fakePool();
    await killWith(fake, ['poison'], 3);
    const other = watch(fake.pool.run('work', ['food']));
    await settleMicrotasks();
    fake.engine.running[0]!.end();
    await settleMicrotasks();
    expect(other.state).toBe('resolved');
  });

  it('is noticed where one idempotent call is retried', async () => {
    const { pool, engine, clock } = await fakePool();
    const [call] = await submit(pool, 1, { idempotent: true, retries: 10 });
    for (let crash = 0; crash < 3; crash++) {
      engine.running[0]!.crash();
      await clock.advance(40_000);
    }
    expect(call!.error).toBeInstanceOf(TaskQuarantinedError);
    expect(pool.snapshot().counters).toMatchObject({ retried: 2, failed: 1 });
  });

  it('is noticed where its arguments cannot be told apart from others, by its attempts', async () => {
    const { pool, engine, clock } = await fakePool();
    const memory = new SharedArrayBuffer(8);
    const call = watch(pool.run('work', [memory], { idempotent: true }));
    for (let crash = 0; crash < 3; crash++) {
      await clock.advance(40_000);
      engine.running[0]!.crash();
    }
    await settleMicrotasks();
    expect(call.error).toMatchObject({ code: 'TASK_QUARANTINED', crashes: 3 });
    expect(pool.quarantine.list()).toMatchObject([{ task: 'work', crashes: 3 }]);
    const next = watch(pool.run('work', [memory]));
    await clock.advance(40_000);
    engine.running[0]!.end();
    await settleMicrotasks();
    expect(next.state).toBe('resolved');
  });

  it('takes along those that wait with the same arguments, before they cost workers too', async () => {
    const { pool, engine, clock } = await fakePool({ size: { min: 1, max: 1 } });
    const [killers, innocent] = [
      Array.from({ length: 5 }, () => watch(pool.run('work', ['poison']))),
      watch(pool.run('work', [1])),
    ];
    for (let crash = 0; crash < 3; crash++) {
      await clock.advance(40_000);
      engine.running[0]!.crash();
    }
    await settleMicrotasks();
    expect(killers.map(({ error }) => (error as { code: string }).code)).toEqual([
      'WORKER_CRASHED',
      'WORKER_CRASHED',
      'TASK_QUARANTINED',
      'TASK_QUARANTINED',
      'TASK_QUARANTINED',
    ]);
    await clock.advance(40_000);
    engine.running[0]!.end();
    await settleMicrotasks();
    expect(innocent.state).toBe('resolved');
  });

  it('takes along those that were sent ahead to other workers', async () => {
    const { pool, engine } = await aheadPool({ size: { min: 2, max: 2 }, quarantine: { afterCrashes: 1 } });
    const calls = ['poison', 'food', 'poison', 'poison'].map((arg) => watch(pool.run('work', [arg])));
    await settleMicrotasks();
    expect(engine.alive.map(({ claims }) => claims.size)).toEqual([2, 2]);
    engine.running.find(({ started }) => started[0]!.args[0] === 'poison')!.crash();
    await settleMicrotasks();
    expect(calls.map(({ state }) => state)).toEqual(['rejected', 'pending', 'rejected', 'rejected']);
    engine.running[0]!.end();
    await settleMicrotasks();
    expect(calls[1]!.state).toBe('resolved');
    expect(pool.snapshot()).toMatchObject({
      queueDepth: 0,
      busy: 0,
      counters: { completed: 2, failed: 3, crashes: 1 },
    });
  });

  it('leaves workers free from which calls were taken back', async () => {
    const { pool, engine } = await fakePool(
      { size: { min: 2, max: 2 }, quarantine: { afterCrashes: 1 } },
      { beginAtOnce: false },
    );
    const [guilty, same] = await submit(pool, 2);
    engine.workers[0]!.begin();
    engine.workers[0]!.crash();
    await settleMicrotasks();
    expect([guilty!.error, same!.error]).toMatchObject([{ code: 'TASK_QUARANTINED' }, { code: 'TASK_QUARANTINED' }]);
    for (const arg of [1, 2]) void pool.run('work', [arg]);
    await settleMicrotasks();
    expect(engine.alive.map(({ claims }) => claims.size)).toEqual([1, 1]);
  });

  it('leaves workers free that were to run it for a broadcast', async () => {
    const { pool, engine } = await fakePool(
      { size: { min: 2, max: 2 }, quarantine: { afterCrashes: 1 } },
      { beginAtOnce: false },
    );
    const call = watch(pool.broadcast('work', ['bad']));
    await settleMicrotasks();
    void submit(pool, 2);
    engine.workers[0]!.begin();
    engine.workers[0]!.crash();
    await settleMicrotasks();
    expect(call.error).toMatchObject({ code: 'TASK_QUARANTINED' });
    expect(engine.alive.map(({ claims }) => claims.size)).toEqual([1, 1]);
  });

  it('takes along those that wait for room in the queue', async () => {
    const { pool, engine, clock } = await fakePool({
      size: { min: 1, max: 1 },
      queue: { capacity: 1, overflow: 'wait' },
    });
    const killers = Array.from({ length: 5 }, () => watch(pool.run('work', ['poison'])));
    for (let crash = 0; crash < 3; crash++) {
      await clock.advance(40_000);
      engine.running[0]!.crash();
    }
    await clock.advance(40_000);
    expect(engine.running).toHaveLength(0);
    expect(killers.map(({ error }) => (error as { code?: string } | undefined)?.code)).toEqual([
      'WORKER_CRASHED',
      'WORKER_CRASHED',
      'TASK_QUARANTINED',
      'TASK_QUARANTINED',
      'TASK_QUARANTINED',
    ]);
    expect(pool.snapshot()).toMatchObject({ queueDepth: 0, busy: 0, counters: { crashes: 3 } });
  });

  it('runs again once it was released, with a clean record', async () => {
    const fake = await fakePool();
    const released: QuarantinedTask[] = [];
    fake.pool.on('released', (entry) => released.push(entry));
    await killWith(fake, ['poison'], 3);
    const [entry] = fake.pool.quarantine.list();
    expect(fake.pool.quarantine.release(99)).toEqual([]);
    expect(fake.pool.quarantine.release(entry!.id)).toEqual([entry]);
    expect(released).toEqual([entry]);
    expect(fake.pool.quarantine.list()).toEqual([]);
    const again = await killWith(fake, ['poison'], 3);
    expect(again.map(({ error }) => (error as { code: string }).code)).toEqual([
      'WORKER_CRASHED',
      'WORKER_CRASHED',
      'TASK_QUARANTINED',
    ]);
    await killWith(fake, ['worse'], 3);
    expect(fake.pool.quarantine.release()).toMatchObject([{ id: 2 }, { id: 3 }]);
  });

  it('is no suspect any more where it completes, or a while after its last crash', async () => {
    const fake = await fakePool();
    await killWith(fake, ['flaky'], 2);
    void fake.pool.run('work', ['flaky']);
    await settleMicrotasks();
    fake.engine.running[0]!.end();
    await killWith(fake, ['flaky'], 2);
    expect(fake.pool.quarantine.list()).toEqual([]);
    await fake.clock.advance(600_000);
    await killWith(fake, ['flaky'], 2);
    expect(fake.pool.quarantine.list()).toEqual([]);
    await killWith(fake, ['flaky']);
    expect(fake.pool.quarantine.list()).toHaveLength(1);
  });

  it('is not blamed where the pool itself ended its worker', async () => {
    const { pool, engine, clock } = await fakePool({ abortGraceMs: 10 });
    for (let time = 0; time < 4; time++) {
      const [call] = await submit(pool, 1, { timeoutMs: 5 });
      await clock.advance(40_000);
      expect(call!.error).toMatchObject({ code: 'TASK_TIMEOUT' });
    }
    expect(engine.workers.length).toBeGreaterThan(4);
    expect(pool.quarantine.list()).toEqual([]);
  });

  it('is nobody where the option says so, or after another number of crashes', async () => {
    const never = await fakePool({ quarantine: false });
    await killWith(never, [], 5);
    expect(never.pool.quarantine.list()).toEqual([]);
    const first = await fakePool({ quarantine: { afterCrashes: 1 } });
    const [call] = await killWith(first, []);
    expect(call!.error).toMatchObject({ code: 'TASK_QUARANTINED', crashes: 1 });
  });

  it.each([
    [{ quarantine: true }, /quarantine is true, but must be an object/],
    [{ quarantine: { afterCrashes: 0 } }, /quarantine\.afterCrashes is 0, but must be a whole number from 1/],
    [{ quarantine: { after: 3 } }, /quarantine has no option "after"/],
  ])('is told in options that are checked: %j', async (options, message) => {
    await expect(fakePool(options as never)).rejects.toThrow(message);
  });

  it('is released by 1,000 later ones, and never forgotten for those that are merely suspected', async () => {
    const fake = await fakePool({ quarantine: { afterCrashes: 2 } });
    const released: number[] = [];
    fake.pool.on('released', ({ id }) => released.push(id));
    for (let n = 0; n <= 1_000; n++) await killWith(fake, [n], 2);
    expect(released).toEqual([1]);
    expect(fake.pool.quarantine.list()).toHaveLength(1_000);
    // Suspected one after the other, so that each might push the other out.
    for (const arg of ['a', 'b']) await killWith(fake, [arg]);
    const [a] = await killWith(fake, ['a']);
    expect(a!.error).toMatchObject({ code: 'TASK_QUARANTINED' });
  });

  it('is released by a number only', async () => {
    const { pool } = await fakePool();
    expect(() => pool.quarantine.release('1' as never)).toThrow(PoolConfigError);
  });
});
