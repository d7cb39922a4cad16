import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakePool } from '../../../support/fake-pool.js';
import { settleMicrotasks } from '../../../support/virtual-clock.js';
import { rejectionOf } from '../../../support/watch.js';

describe('an override', () => {
  beforeEach(() => {
    vi.spyOn(Date, 'now').mockReturnValue(1_700_000_000_000);
  });
  afterEach(() => vi.restoreAllMocks());

  it('pins the size and tells who, why and until when', async () => {
    const { pool, engine } = await fakePool();
    await pool.pin(3, { owner: 'ann', reason: 'sale', forMs: 60_000 });
    expect(engine.alive).toHaveLength(3);
    expect(pool.snapshot().override).toEqual({ size: 3, owner: 'ann', reason: 'sale', until: 1_700_000_060_000 });
  });

  it('without forMs lasts until it is released, and then the target is what it was', async () => {
    const { pool, engine, clock } = await fakePool({ idleExpiryMs: 1_000 });
    const resized: unknown[] = [];
    pool.on('resized', (event) => resized.push(event));
    await pool.pin(3);
    expect(pool.snapshot().override).toEqual({ size: 3, owner: 'unknown', reason: 'manual resize', until: null });
    await clock.advance(1e6);
    expect(engine.alive).toHaveLength(3);
    await pool.release();
    expect(pool.snapshot()).toMatchObject({ override: null, target: 1, live: 1 });
    expect(resized).toEqual([
      { from: 1, to: 3, reason: 'manual resize (unknown)' },
      { from: 3, to: 1, reason: 'override released' },
    ]);
  });

  it('stops idle expiry, which goes on after it', async () => {
    const { pool, engine, clock } = await fakePool({ idleExpiryMs: 1_000, size: { min: 1, max: 4, initial: 2 } });
    await pool.pin(4);
    await clock.advance(10_000);
    expect(engine.alive).toHaveLength(4);
    await pool.release();
    expect(engine.alive).toHaveLength(2);
    await clock.advance(1_000);
    expect(engine.alive).toHaveLength(1);
  });

  it('ends by itself after forMs', async () => {
    const { pool, engine, clock } = await fakePool();
    await pool.pin(4, { owner: 'ann', forMs: 5_000 });
    await clock.advance(4_999);
    expect(pool.snapshot().override).not.toBeNull();
    await clock.advance(1);
    expect(pool.snapshot()).toMatchObject({ override: null, target: 1 });
    expect(engine.alive).toHaveLength(1);
  });

  it('replaced by another keeps the size from before the first, and the later expiry', async () => {
    const { pool, clock } = await fakePool({ size: { min: 1, max: 4, initial: 2 } });
    await pool.pin(4, { forMs: 1_000 });
    await pool.pin(3, { forMs: 5_000 });
    await clock.advance(1_000);
    expect(pool.snapshot()).toMatchObject({ target: 3, override: { size: 3 } });
    await clock.advance(4_000);
    expect(pool.snapshot()).toMatchObject({ target: 2, override: null });
    expect(clock.scheduled).toBe(1);
  });

  it('keeps a paused pool from going to zero', async () => {
    const { pool, engine, clock } = await fakePool({ idleExpiryMs: 1_000 });
    await pool.pin(2);
    pool.pause();
    await clock.advance(10_000);
    expect(engine.alive).toHaveLength(2);
    void pool.release();
    await clock.advance(10_000);
    expect(engine.alive).toHaveLength(0);
  });

  it('released twice, or never set, is nothing', async () => {
    const { pool } = await fakePool();
    await pool.release();
    await pool.pin(2);
    await pool.release();
    await pool.release();
    expect(pool.snapshot()).toMatchObject({ target: 1, counters: { resizes: { up: 1, down: 1 } } });
  });

  it('starts a pool that waits to be started', async () => {
    const { pool, engine } = await fakePool();
    await pool.pin(2);
    await settleMicrotasks();
    expect(engine.alive).toHaveLength(2);
  });

  it('leaves no timer behind when the pool closes', async () => {
    const { pool, clock } = await fakePool();
    await pool.pin(2, { forMs: 5_000 });
    await pool.close();
    expect(clock.scheduled).toBe(0);
  });

  it.each([0, 5, 1.5, NaN, '2'])('of %o is refused and changes nothing', async (size) => {
    const { pool } = await fakePool();
    expect(await rejectionOf(pool.pin(size as number))).toMatchObject({ code: 'POOL_CONFIG' });
    expect(pool.snapshot()).toMatchObject({ override: null, target: 1 });
  });

  it.each([0, -5, Infinity, '10m'])('for %o is refused and changes nothing', async (forMs) => {
    const { pool } = await fakePool();
    expect((await rejectionOf(pool.pin(2, { forMs: forMs as number }))).message).toContain('forMs');
    expect(pool.snapshot()).toMatchObject({ override: null, target: 1 });
  });
});
