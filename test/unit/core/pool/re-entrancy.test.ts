import { describe, expect, it, vi } from 'vitest';
import { PoolFullError } from '../../../../lib/core/errors.js';
import { fakePool } from '../../../support/fake-pool.js';
import { settleMicrotasks } from '../../../support/virtual-clock.js';

describe('what a caller or a listener does to a pool in the middle of its work', () => {
  it('a revoked Proxy among the arguments is refused, and the pool goes on', async () => {
    const { pool, engine } = await fakePool();
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    await expect(pool.run('work', [1, proxy])).rejects.toMatchObject({ code: 'TASK_CLONE', path: 'args[1]' });
    const next = pool.run('work');
    engine.running[0]!.end('went on');
    expect(await next).toBe('went on');
    await pool.close();
  });

  it.each([
    ['throws what has no text', () => void throwing(Object.create(null))],
    ['rejects', async () => throwing(new Error('rejected'))],
  ])('a listener that %s becomes a warning, and the pool goes on', async (_, listener) => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const { pool, engine } = await fakePool();
    pool.on('started', listener);
    for (const round of [1, 2]) {
      const call = pool.run('work');
      await settleMicrotasks();
      engine.running[0]!.end(round);
      expect(await call).toBe(round);
    }
    await settleMicrotasks();
    expect(warn).toHaveBeenCalledTimes(2);
    await pool.close();
  });

  it('a listener that submits cannot push the queue over its bound (P4)', async () => {
    const { pool, clock } = await fakePool({ size: { min: 2, max: 2 }, queue: { capacity: 1 } });
    const refusals: unknown[] = [];
    let isFirst = true;
    pool.on('started', () => {
      if (!isFirst) return;
      isFirst = false;
      for (let i = 0; i < 10; i++) pool.run('work').catch((error: unknown) => refusals.push(error));
    });
    pool.run('work').catch(() => undefined);
    await settleMicrotasks();
    expect(pool.snapshot().queueDepth).toBeLessThanOrEqual(1);
    expect(refusals.filter((error) => error instanceof PoolFullError)).toHaveLength(8);
    const closing = pool.close({ force: true });
    await clock.advance(5_000);
    await closing;
  });

  it('a close from a listener of the close is the same close', async () => {
    const { pool, engine } = await fakePool({ size: { min: 1, max: 1 } });
    pool.pause();
    const call = pool.run('work');
    const closed = vi.fn<() => void>();
    pool.on('closed', closed);
    pool.on('started', () => void pool.close());
    const closing = pool.close();
    engine.running[0]!.end('done');
    expect(await call).toBe('done');
    await closing;
    expect(closed).toHaveBeenCalledOnce();
  });

  it('a resize or a drain that is overtaken rejects, and ends no process where nobody awaits it', async () => {
    const unhandled = vi.fn<() => void>();
    process.on('unhandledRejection', unhandled);
    const { pool } = await fakePool({}, { bootMs: 100 });
    void pool.prewarm(4);
    const resized = pool.resize(3);
    const closing = pool.close();
    await expect(resized).rejects.toMatchObject({ code: 'POOL_CLOSED' });
    await closing;
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('a resize under a pin says where the size goes when the pin ends, and a prewarm does not outgrow it (A4)', async () => {
    const { pool } = await fakePool();
    await pool.pin(2, { owner: 'ada' });
    await pool.resize(3);
    await pool.prewarm(4);
    expect(pool.snapshot()).toMatchObject({ target: 2, live: 2, override: { size: 2 } });
    await pool.release();
    expect(pool.snapshot()).toMatchObject({ target: 3, live: 3, override: null });
    await pool.close();
  });

  it('tells drained although a close followed the drain', async () => {
    const { pool, engine } = await fakePool();
    const drained = vi.fn<() => void>();
    pool.on('drained', drained);
    const call = pool.run('work');
    const ends = [pool.drain(), pool.close()];
    engine.running[0]!.end('done');
    await Promise.all([call, ...ends]);
    expect(drained).toHaveBeenCalledOnce();
  });
});

function throwing(thrown: unknown): never {
  throw thrown;
}
