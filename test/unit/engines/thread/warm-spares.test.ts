import { describe, expect, it } from 'vitest';
import type { PoolOptions } from '../../../../lib/core/contract/pool-options.js';
import type { Engine } from '../../../../lib/core/engine.js';
import { LocalPool } from '../../../../lib/core/pool/local-pool.js';
import { resolvePoolOptions } from '../../../../lib/core/pool/resolve-options.js';
import { keepSpares, type Recruit } from '../../../../lib/engines/thread/warm-spares.js';
import { FakeEngine, type FakeEngineOptions } from '../../../support/fake-engine.js';
import { submit } from '../../../support/fake-pool.js';
import { FakeWorker } from '../../../support/fake-worker.js';
import { settleMicrotasks, VirtualClock } from '../../../support/virtual-clock.js';

const BOOT_MS = 300;

class FakeRecruit extends FakeWorker implements Recruit {
  number: number | null = null;

  becomes(workerId: number): void {
    this.number = workerId;
  }
}

/** A pool whose engine keeps spares; workers of either kind take 300 ms to boot. */
async function sparePool(count: number, options: Partial<PoolOptions> = {}, engineOptions: FakeEngineOptions = {}) {
  const clock = new VirtualClock();
  const fake = new FakeEngine(clock, { bootMs: BOOT_MS, ...engineOptions });
  const recruits: FakeRecruit[] = [];
  const { presend, interrupts, bootsAtOnce, taskNames } = fake;
  const bare: Engine = {
    presend,
    interrupts,
    bootsAtOnce,
    taskNames,
    runHere: (task, caller) => fake.runHere(task, caller),
    spawn: (workerId, sink) => fake.spawn(workerId, sink),
  };
  const engine = keepSpares(bare, count, (sink) => {
    if (fake.spawnError) throw fake.spawnError;
    const recruit = new FakeRecruit(0, sink, fake);
    recruits.push(recruit);
    return recruit;
  });
  const resolved = resolvePoolOptions({ name: 'fake', size: { min: 1, max: 4 }, scaling: false, ...options });
  const pool = new LocalPool(resolved, engine, clock);
  pool.start();
  await clock.advance(BOOT_MS);
  return { pool, fake, recruits, clock };
}

describe('a pool that keeps a spare', () => {
  it('boots it once a worker is ready, and counts it apart from its size', async () => {
    const { pool, recruits, clock } = await sparePool(1);
    expect(recruits).toHaveLength(1);
    expect(pool.snapshot().spares).toBe(0);
    await clock.advance(BOOT_MS);
    expect(pool.snapshot()).toMatchObject({ size: 1, starting: 0, live: 1, target: 1, spares: 1 });
    expect(recruits).toHaveLength(1);
  });

  it('has no spare while no worker is ready', async () => {
    const { pool, recruits, clock } = await sparePool(1, {}, { bootMs: 2 * BOOT_MS });
    expect(pool.snapshot()).toMatchObject({ size: 1, starting: 1 });
    expect(recruits).toHaveLength(0);
    await clock.advance(BOOT_MS);
    expect(pool.snapshot()).toMatchObject({ live: 1 });
    expect(recruits).toHaveLength(1);
  });

  it('grows by it at once, and boots the next', async () => {
    const { pool, fake, recruits, clock } = await sparePool(1);
    await clock.advance(BOOT_MS);
    await pool.resize(2);
    expect(pool.snapshot()).toMatchObject({ size: 2, live: 2, spares: 0 });
    expect(recruits.map(({ number, isReady }) => [number, isReady])).toEqual([
      [2, true],
      [null, false],
    ]);
    expect(fake.workers).toHaveLength(1);
    expect(pool.snapshot().workers.map(({ id }) => id)).toEqual([1, 2]);
  });

  it('gives it work as any worker', async () => {
    const { pool, recruits, clock } = await sparePool(1);
    await clock.advance(BOOT_MS);
    await pool.resize(2);
    const calls = await submit(pool, 2);
    recruits[0]!.end('by the spare');
    await settleMicrotasks();
    expect(calls.map(({ value }) => value)).toContain('by the spare');
    expect(pool.snapshot()).toMatchObject({ busy: 1, counters: { completed: 1 } });
  });

  it('takes one that still boots rather than to begin anew', async () => {
    const { pool, fake, recruits, clock } = await sparePool(1);
    await clock.advance(BOOT_MS / 2);
    const grown = pool.resize(2);
    expect(pool.snapshot()).toMatchObject({ size: 2, starting: 1, live: 1, spares: 0 });
    await clock.advance(BOOT_MS / 2);
    await grown;
    expect([fake.workers.length, recruits[0]!.number]).toEqual([1, 2]);
  });

  it('boots what the spares do not cover', async () => {
    const { pool, fake, clock } = await sparePool(1);
    await clock.advance(BOOT_MS);
    void pool.resize(4);
    await settleMicrotasks();
    expect(pool.snapshot()).toMatchObject({ live: 2, starting: 2 });
    expect(fake.workers).toHaveLength(3);
  });

  it('replaces a crashed worker by it, with no boot in between (P9)', async () => {
    const { pool, fake, clock } = await sparePool(1);
    await clock.advance(BOOT_MS);
    fake.workers[0]!.crash();
    await settleMicrotasks();
    expect(pool.snapshot()).toMatchObject({ size: 1, live: 1, counters: { crashes: 1 } });
  });

  it('counts a spare that joined and crashed as a crashed worker', async () => {
    const { pool, recruits, clock } = await sparePool(1);
    await clock.advance(BOOT_MS);
    await pool.resize(2);
    recruits[0]!.crash();
    expect(pool.snapshot().counters.crashes).toBe(1);
  });

  it('replaces a spare that dies when a worker is ready the next time, not before', async () => {
    const { pool, recruits, clock } = await sparePool(1);
    recruits[0]!.crash();
    await clock.advance(10 * BOOT_MS);
    expect(pool.snapshot()).toMatchObject({ size: 1, spares: 0, counters: { crashes: 0 } });
    expect(recruits).toHaveLength(1);
    void pool.resize(2);
    await clock.advance(2 * BOOT_MS);
    expect(pool.snapshot()).toMatchObject({ size: 2, spares: 1 });
  });

  it('does without one where the platform has no thread left', async () => {
    const { pool, fake, recruits, clock } = await sparePool(1);
    await clock.advance(BOOT_MS);
    fake.spawnError = new Error('no more threads');
    await pool.resize(2);
    expect(pool.snapshot()).toMatchObject({ live: 2, spares: 0 });
    expect(recruits).toHaveLength(1);
  });

  it('keeps as many as it is told', async () => {
    const { pool, clock } = await sparePool(3);
    await clock.advance(BOOT_MS);
    expect(pool.snapshot()).toMatchObject({ size: 1, spares: 3 });
    await pool.resize(4);
    expect(pool.snapshot()).toMatchObject({ size: 4, live: 4, spares: 0 });
    await clock.advance(BOOT_MS);
    expect(pool.snapshot()).toMatchObject({ size: 4, spares: 3 });
  });

  it('tears the spares down as it closes, and is closed when they are gone', async () => {
    const { pool, recruits, clock } = await sparePool(2, {}, { exitMs: 20 });
    await clock.advance(BOOT_MS);
    let isClosed = false;
    void pool.close().then(() => (isClosed = true));
    // After the workers: until then a spare may have to replace one that crashes over its last task.
    await clock.advance(39);
    expect([isClosed, ...recruits.map(({ isRetired }) => isRetired)]).toEqual([false, true, true]);
    await clock.advance(1);
    expect(isClosed).toBe(true);
    expect([pool.snapshot().spares, ...recruits.map(({ isGone }) => isGone)]).toEqual([0, true, true]);
  });

  it('stops a spare that still boots, as it closes', async () => {
    const { pool, recruits } = await sparePool(1);
    await pool.close();
    expect(recruits[0]).toMatchObject({ isTerminated: true, isRetired: false, isGone: true });
  });

  it('terminates spares whose tear-down outlives the deadline of the close', async () => {
    const { pool, fake, recruits, clock } = await sparePool(1, { abortGraceMs: 50 }, { tearDownHangs: true });
    await clock.advance(BOOT_MS);
    const closed = pool.close({ timeoutMs: 100 });
    await clock.advance(149);
    expect(recruits[0]!.isGone).toBe(false);
    await clock.advance(1);
    await closed;
    expect(recruits[0]).toMatchObject({ isTerminated: true, isRetired: false });
    expect(fake.offences).toEqual([]);
  });

  it('terminates a spare whose tear-down hangs while the workers have left', async () => {
    const { pool, recruits, clock } = await sparePool(1, { abortGraceMs: 50 });
    await clock.advance(BOOT_MS);
    recruits[0]!.retire = () => undefined;
    const closed = pool.close({ timeoutMs: 100 });
    await clock.advance(150);
    await closed;
    expect(recruits[0]!.isTerminated).toBe(true);
  });
});

describe('worker.spares', () => {
  const resolve = (spares: unknown, more: Partial<PoolOptions> = {}) =>
    resolvePoolOptions({ name: 'p', worker: { spares: spares as number }, ...more }).spares;

  it('is 0 unless it is told otherwise', () => {
    expect(resolvePoolOptions({ name: 'p' }).spares).toBe(0);
    expect(resolve(16)).toBe(16);
  });

  it.each([[-1], [17], [0.5], ['1'], [null], [true]])('refuses %j', (spares) => {
    expect(() => resolve(spares)).toThrow(/pool 'p': worker\.spares is .* 0 to 16; each is a whole thread/);
  });

  it('refuses spares of an async pool, whose slots start at once', () => {
    expect(() => resolve(1, { kind: 'async', size: { max: 2 } })).toThrow(
      /worker\.spares is 1, but must be 0 for kind 'async'/,
    );
    expect(resolve(0, { kind: 'async', size: { max: 2 } })).toBe(0);
  });
});
