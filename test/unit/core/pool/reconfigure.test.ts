import { describe, expect, it, vi } from 'vitest';
import type { OptionChange } from '../../../../lib/core/contract/events.js';
import type { PoolOptions } from '../../../../lib/core/contract/pool-options.js';
import type { ManagedPool } from '../../../../lib/core/pool/managed-pool.js';
import { fakePool as anyFakePool, submit, unstartedFakePool } from '../../../support/fake-pool.js';
import { settleMicrotasks } from '../../../support/virtual-clock.js';
import { actUntil, watch } from '../../../support/watch.js';

const SIZE = { min: 1, max: 4 };

const fakePool = (options: Partial<PoolOptions> = {}) => anyFakePool({ scaling: false, ...options });

/** What the pool is given in the place of its options. */
function reconfigure(pool: ManagedPool, options: Partial<PoolOptions>): readonly OptionChange[] {
  return pool.prepare({ name: 'fake', size: SIZE, scaling: false, ...options }).apply('pools.yaml');
}

function listen(pool: ManagedPool): unknown[] {
  const told: unknown[] = [];
  pool.on('reconfigured', (event) => told.push(event));
  return told;
}

describe('new options of a running pool (O5)', () => {
  it('are told with what they were, in one event; nothing is told where nothing changes', async () => {
    const { pool } = await fakePool();
    const told = listen(pool);
    const changes = reconfigure(pool, { queue: { capacity: 7 }, taskTimeoutMs: 50, idleExpiryMs: 90 });
    expect(changes).toEqual([
      { key: 'queue.capacity', from: 10_000, to: 7 },
      { key: 'idleExpiryMs', from: 30_000, to: 90 },
      { key: 'taskTimeoutMs', from: null, to: 50 },
    ]);
    expect(told).toEqual([{ changes, source: 'pools.yaml' }]);
    expect(reconfigure(pool, { queue: { capacity: 7 }, taskTimeoutMs: 50, idleExpiryMs: 90 })).toEqual([]);
    expect(told).toHaveLength(1);
  });

  it('change nothing before they are applied, nor when they are refused or let go', async () => {
    const { pool } = await fakePool();
    const before = pool.snapshot();
    const prepared = pool.prepare({ name: 'fake', size: { min: 2, max: 3 }, scaling: false });
    expect(pool.snapshot()).toEqual(before);
    prepared.discard();
    expect(pool.snapshot()).toEqual(before);
    expect(() => pool.prepare({ name: 'fake', size: { min: 5, max: 4 } })).toThrow(
      'size.min is 5, but must be at most',
    );
    expect(pool.snapshot()).toEqual(before);
  });

  it('move the target into new bounds, and the snapshot follows', async () => {
    const { pool, engine } = await fakePool();
    const resized: unknown[] = [];
    pool.on('resized', ({ from, to }) => resized.push([from, to]));
    reconfigure(pool, { size: { min: 3, max: 6 } });
    await settleMicrotasks();
    expect(pool.snapshot()).toMatchObject({ min: 3, max: 6, target: 3, live: 3 });
    await pool.resize(6);
    reconfigure(pool, { size: { min: 1, max: 2 } });
    await settleMicrotasks();
    expect(pool.snapshot()).toMatchObject({ min: 1, max: 2, target: 2, live: 2 });
    expect(engine.alive).toHaveLength(2);
    expect(resized).toEqual([
      [1, 3],
      [3, 6],
      [6, 2],
    ]);
    await expect(pool.resize(3)).rejects.toThrow('from 1 to 2');
  });

  it('let busy workers that are too many finish their tasks', async () => {
    const { pool, engine } = await fakePool({ size: { min: 4, max: 4 } });
    const calls = await submit(pool, 4);
    reconfigure(pool, { size: { min: 1, max: 1 } });
    expect(pool.snapshot()).toMatchObject({ target: 1, busy: 4 });
    for (const worker of engine.running) worker.end('done');
    await settleMicrotasks();
    expect(calls.map(({ value }) => value)).toEqual(['done', 'done', 'done', 'done']);
    expect(engine.alive).toHaveLength(1);
  });

  it('move a pinned size that new bounds exclude, and tell that; its expiry stays', async () => {
    const { pool, clock } = await fakePool();
    await pool.pin(4, { owner: 'ann', forMs: 5_000 });
    const { until } = pool.snapshot().override!;
    expect(reconfigure(pool, { size: { min: 1, max: 2 } })).toEqual([
      { key: 'size.max', from: 4, to: 2 },
      { key: 'override.size', from: 4, to: 2 },
    ]);
    expect(pool.snapshot()).toMatchObject({ target: 2, override: { size: 2, owner: 'ann', until } });
    reconfigure(pool, { size: { min: 2, max: 4 } });
    await clock.advance(5_000);
    expect(pool.snapshot()).toMatchObject({ override: null, target: 2 });
  });

  it('drop nothing where more waits than a shorter queue takes; calls are refused until less does', async () => {
    const { pool, engine } = await fakePool({ size: { min: 1, max: 1 } });
    const calls = await submit(pool, 4);
    reconfigure(pool, { size: { min: 1, max: 1 }, queue: { capacity: 1 } });
    expect(pool.snapshot()).toMatchObject({ queueDepth: 3, queueCapacity: 1 });
    const [refused] = await submit(pool, 1);
    expect(refused).toMatchObject({ state: 'rejected', error: { code: 'POOL_FULL' } });
    for (let left = 3; left > 0; left--) {
      engine.running[0]!.end();
      await settleMicrotasks();
    }
    expect(calls.filter(({ state }) => state === 'resolved')).toHaveLength(3);
    const [taken] = await submit(pool, 1);
    expect(taken!.state).toBe('pending');
  });

  it('let callers in that wait for room, where the queue grows', async () => {
    const { pool } = await fakePool({ size: { min: 1, max: 1 }, queue: { capacity: 1, overflow: 'wait' } });
    await submit(pool, 5);
    expect(pool.snapshot()).toMatchObject({ queueDepth: 1, counters: { submitted: 2 } });
    reconfigure(pool, { size: { min: 1, max: 1 }, queue: { capacity: 3, overflow: 'wait' } });
    expect(pool.snapshot()).toMatchObject({ queueDepth: 3, counters: { submitted: 4 } });
  });

  it('have deadlines for calls that come after them', async () => {
    const { pool, clock } = await fakePool({ size: { min: 2, max: 2 } });
    const [before] = await submit(pool, 1);
    reconfigure(pool, { size: { min: 2, max: 2 }, taskTimeoutMs: 100 });
    const [after] = await submit(pool, 1);
    await clock.advance(101);
    expect(after).toMatchObject({ state: 'rejected', error: { code: 'TASK_TIMEOUT' } });
    expect(before!.state).toBe('pending');
    reconfigure(pool, { size: { min: 2, max: 2 } });
    const [last] = await submit(pool, 1);
    await clock.advance(10_000);
    expect(last!.state).toBe('pending');
  });

  it('give an aborted task the grace that is in effect', async () => {
    const { pool, engine, clock } = await fakePool();
    reconfigure(pool, { abortGraceMs: 20 });
    const control = new AbortController();
    await submit(pool, 1, { signal: control.signal });
    control.abort();
    const [worker] = engine.alive;
    await clock.advance(19);
    expect(worker!.isGone).toBe(false);
    await clock.advance(2);
    expect(worker!.isGone).toBe(true);
  });

  it('let the idle leave sooner than their timer was set for', async () => {
    const { pool, engine, clock } = await fakePool({ size: { min: 1, max: 4, initial: 4 } });
    await clock.advance(1_000);
    reconfigure(pool, { idleExpiryMs: 2_000 });
    await clock.advance(999);
    expect(engine.alive).toHaveLength(4);
    await clock.advance(1);
    expect(engine.alive).toHaveLength(1);
  });

  it('count before the pool starts: it starts within them, and tells no resize', async () => {
    const { pool, engine, clock } = unstartedFakePool({ scaling: false }, { bootMs: 10, bootsAtOnce: 1 });
    const resized = vi.fn<() => void>();
    pool.on('resized', resized);
    reconfigure(pool, { size: { min: 3, max: 3 } });
    const ready = watch(pool.ready());
    await actUntil(
      () => ready.state === 'resolved',
      () => clock.advance(1),
    );
    expect(pool.snapshot().live).toBe(3);
    expect(engine.alive).toHaveLength(3);
    expect(resized).not.toHaveBeenCalled();
    expect(pool.snapshot().counters.resizes).toEqual({ up: 0, down: 0 });
  });

  it('bring back whom idle expiry took, up to a higher floor, but for the time of a pause', async () => {
    const options = { size: { min: 1, max: 8 }, idleExpiryMs: 100, scaling: false } as const;
    const { pool, clock } = await fakePool(options);
    const live = async () => {
      await settleMicrotasks();
      return pool.snapshot().live;
    };
    void pool.resize(6);
    await clock.advance(1_000);
    expect(await live()).toBe(1);
    reconfigure(pool, { ...options, size: { min: 4, max: 8 } });
    expect(await live()).toBe(4);
    await clock.advance(1_000);
    expect(await live()).toBe(4);
    expect(pool.snapshot().target).toBe(6);
    pool.pause();
    await clock.advance(1_000);
    reconfigure(pool, { ...options, size: { min: 5, max: 8 } });
    expect(await live()).toBe(0);
    pool.resume();
    expect(await live()).toBe(5);
  });

  it('bring nobody back for a lower maximum', async () => {
    const options = { size: { min: 1, max: 8 }, idleExpiryMs: 100, scaling: false } as const;
    const { pool, clock, engine } = await fakePool(options);
    void pool.resize(6);
    await clock.advance(1_000);
    reconfigure(pool, { ...options, size: { min: 1, max: 4 } });
    await settleMicrotasks();
    expect(pool.snapshot()).toMatchObject({ target: 4, live: 1 });
    expect(engine.workers).toHaveLength(6);
  });

  it('are what a pool starts with, where they say less than code as well', async () => {
    const { pool, engine } = unstartedFakePool({ size: { min: 4, max: 8 }, scaling: false });
    reconfigure(pool, { size: { min: 2, max: 8 } });
    await pool.ready();
    expect(pool.snapshot()).toMatchObject({ target: 2, live: 2 });
    expect(engine.workers).toHaveLength(2);
    reconfigure(pool, { size: { min: 1, max: 8 } });
    expect(pool.snapshot().target).toBe(2);
  });

  it('during a pause leave it one', async () => {
    const { pool, engine, clock } = await fakePool({ idleExpiryMs: 100 });
    pool.pause();
    await clock.advance(100);
    expect(engine.alive).toHaveLength(0);
    reconfigure(pool, { idleExpiryMs: 100, size: { min: 2, max: 4 } });
    await clock.advance(1_000);
    expect(pool.snapshot()).toMatchObject({ state: 'paused', target: 2, live: 0 });
    pool.resume();
    await settleMicrotasks();
    expect(pool.snapshot().live).toBe(2);
  });

  it('of a closed pool do nothing', async () => {
    const { pool, engine } = await fakePool();
    const told = listen(pool);
    await pool.close();
    reconfigure(pool, { size: { min: 3, max: 4 } });
    await settleMicrotasks();
    expect(engine.alive).toHaveLength(0);
    expect(told).toEqual([]);
  });
});
