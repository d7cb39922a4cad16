import { describe, expect, it } from 'vitest';
import { fakePool, submit } from '../../../support/fake-pool.js';
import { settleMicrotasks } from '../../../support/virtual-clock.js';
import { watch } from '../../../support/watch.js';

const OPTIONS = { size: { min: 1, max: 4, initial: 4 }, idleExpiryMs: 1_000 };

describe('idle expiry (P5)', () => {
  it('lets idle workers leave, down to min, and keeps the target', async () => {
    const { pool, engine, clock } = await fakePool(OPTIONS);
    await clock.advance(999);
    expect(engine.alive).toHaveLength(4);
    await clock.advance(1);
    expect(engine.alive).toHaveLength(1);
    expect(pool.snapshot()).toMatchObject({ target: 4, size: 1, live: 1 });
    await clock.advance(100_000);
    expect(engine.alive).toHaveLength(1);
  });

  it('counts from when each worker was last used', async () => {
    const { pool, engine, clock } = await fakePool({ ...OPTIONS, size: { min: 1, max: 3, initial: 3 } });
    await submit(pool, 2);
    await clock.advance(600);
    engine.running[0]!.end();
    await clock.advance(400);
    expect(engine.alive).toHaveLength(2);
    await clock.advance(600);
    expect(engine.alive).toHaveLength(1);
    expect(engine.running).toHaveLength(1);
  });

  it('gathers load on few workers, so that the rest can leave', async () => {
    const { pool, engine, clock } = await fakePool(OPTIONS);
    for (let call = 0; call < 20; call++) {
      await submit(pool, 1);
      await clock.advance(50);
      engine.running[0]!.end();
    }
    expect(engine.alive).toHaveLength(1);
  });

  it('brings workers back under load, as many as wait', async () => {
    const { pool, engine, clock } = await fakePool(OPTIONS);
    await clock.advance(1_000);
    await submit(pool, 1);
    expect(engine.alive).toHaveLength(1);
    await submit(pool, 2);
    expect(engine.alive).toHaveLength(3);
    await submit(pool, 10);
    expect(engine.alive).toHaveLength(4);
    expect(pool.snapshot()).toMatchObject({ busy: 4, target: 4 });
  });

  it('takes no busy worker', async () => {
    const { pool, engine, clock } = await fakePool(OPTIONS);
    await submit(pool, 4);
    await clock.advance(10_000);
    expect(engine.alive).toHaveLength(4);
  });

  it('is undone by a resize', async () => {
    const { pool, engine, clock } = await fakePool(OPTIONS);
    await clock.advance(1_000);
    await pool.resize(3);
    expect(engine.alive).toHaveLength(3);
  });

  it('is not undone where an autoscaler lowers the target: nobody boots for fewer to be wanted (A1)', async () => {
    const { pool, engine, clock } = await fakePool(OPTIONS);
    await clock.advance(1_000);
    await pool.scale(3, { reason: 'a spare is let go' });
    expect(engine.alive).toHaveLength(1);
    expect(engine.workers).toHaveLength(4);
    expect(pool.snapshot()).toMatchObject({ target: 3, size: 1, counters: { resizes: { down: 1 } } });
    await submit(pool, 10);
    expect(engine.alive).toHaveLength(3);
  });

  it('lets more than the target has room for not come back', async () => {
    const { pool, engine, clock } = await fakePool({ ...OPTIONS, size: { min: 1, max: 4, initial: 4 } });
    await submit(pool, 2);
    await clock.advance(1_000);
    expect(engine.alive).toHaveLength(2);
    await pool.scale(3);
    expect(engine.alive).toHaveLength(2);
    void pool.scale(1);
    for (const worker of engine.running) worker.end();
    await settleMicrotasks();
    expect(engine.alive).toHaveLength(1);
    await pool.scale(2);
    expect(engine.alive).toHaveLength(2);
  });

  it('does not count the idleness from before more workers were asked for', async () => {
    const { pool, engine, clock } = await fakePool({ ...OPTIONS, size: { min: 1, max: 4 } }, { bootMs: 50 });
    await clock.advance(100_000);
    const resized = watch(pool.resize(3));
    await clock.advance(50);
    expect(resized.state).toBe('resolved');
    expect(engine.alive).toHaveLength(3);
    await clock.advance(949);
    expect(engine.alive).toHaveLength(3);
    await clock.advance(51);
    expect(engine.alive).toHaveLength(1);
  });

  it('is told as the reason of the exit, and is no resize', async () => {
    const { pool, clock } = await fakePool(OPTIONS);
    const reasons: string[] = [];
    pool.on('workerExited', ({ reason }) => reasons.push(reason));
    await clock.advance(1_000);
    expect(reasons).toEqual(['idle', 'idle', 'idle']);
    expect(pool.snapshot().counters).toMatchObject({ crashes: 0, resizes: { up: 0, down: 0 } });
  });

  it('does not bring a crashed worker back beyond what is wanted', async () => {
    const { engine, clock } = await fakePool(OPTIONS);
    await clock.advance(1_000);
    engine.alive[0]!.crash();
    await settleMicrotasks();
    expect(engine.alive).toHaveLength(1);
  });
});

describe('prewarm (P6)', () => {
  it('raises the target and resolves when the workers are ready', async () => {
    const { pool, engine, clock } = await fakePool({}, { bootMs: 30 });
    await clock.advance(30);
    const warm = pool.prewarm(3);
    await clock.advance(30);
    await warm;
    expect(engine.alive).toHaveLength(3);
    expect(pool.snapshot()).toMatchObject({ target: 3, live: 3, idle: 3 });
  });

  it('of a pool that has long been idle keeps the workers that are there', async () => {
    const { pool, engine, clock } = await fakePool({ idleExpiryMs: 1_000 }, { bootMs: 50 });
    await clock.advance(100_000);
    const warm = watch(pool.prewarm(2));
    await clock.advance(50);
    expect(warm.state).toBe('resolved');
    expect(engine.alive).toHaveLength(2);
  });

  it('resolves where idle expiry takes a worker while another boots', async () => {
    const { pool, clock } = await fakePool({ idleExpiryMs: 1_000 }, { bootMs: 5_000 });
    await clock.advance(5_000);
    const warm = watch(pool.prewarm(2));
    await clock.advance(5_000);
    expect(warm.state).toBe('resolved');
  });

  it('never lowers the target', async () => {
    const { pool } = await fakePool({ size: { min: 1, max: 4, initial: 3 } });
    await pool.prewarm(2);
    expect(pool.snapshot()).toMatchObject({ target: 3, live: 3, counters: { resizes: { up: 0, down: 0 } } });
  });

  it('brings back as many expired workers as were asked for, no more', async () => {
    const { pool, engine, clock } = await fakePool(OPTIONS);
    await clock.advance(1_000);
    await pool.prewarm(3);
    expect(engine.alive).toHaveLength(3);
    expect(pool.snapshot().target).toBe(4);
  });

  it.each([0, 5, 2.5, NaN, '2'])('to %o is refused (P7)', async (n) => {
    const { pool } = await fakePool();
    await expect(pool.prewarm(n as number)).rejects.toThrow(/prewarm\(n\) is .* a whole number from 1 to 4/);
  });

  it('on a closed pool rejects with PoolClosedError', async () => {
    const { pool } = await fakePool();
    await pool.close();
    await expect(pool.prewarm(2)).rejects.toMatchObject({ code: 'POOL_CLOSED' });
  });
});
