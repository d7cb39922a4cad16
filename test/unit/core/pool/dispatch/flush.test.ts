import { describe, expect, it } from 'vitest';
import { aheadPool, fakePool, idsOf, submit } from '../../../../support/fake-pool.js';
import { settleMicrotasks } from '../../../../support/virtual-clock.js';
import { watch } from '../../../../support/watch.js';

const two = { size: { min: 2, max: 2 } };

describe('what is asked for in one turn of the event loop (P1, P15)', () => {
  it('goes to an idle worker at once, one task each', async () => {
    const { pool, engine } = await fakePool(two);
    void pool.run('work');
    expect(engine.running).toHaveLength(1);
    void pool.run('work');
    expect(engine.running).toHaveLength(2);
    expect(engine.workers.map((worker) => worker.messages.length)).toEqual([1, 1]);
  });

  it('leaves in one message for each worker when the turn is over, where nobody is idle', async () => {
    const { pool, engine } = await aheadPool(two);
    for (let call = 0; call < 12; call++) void pool.run('work');
    expect(engine.workers.map((worker) => worker.messages.length)).toEqual([1, 1]);
    await settleMicrotasks();
    expect(engine.workers.map((worker) => worker.messages.map((tasks) => tasks.length))).toEqual([
      [1, 5],
      [1, 5],
    ]);
  });

  it('in answer to results that came in together leaves in one message, though the worker is idle by then', async () => {
    const { pool, engine } = await aheadPool();
    const asked = Array.from({ length: 5 }, async () => {
      await pool.run('work');
      await pool.run('work');
    });
    await settleMicrotasks();
    const [worker] = engine.workers;
    worker!.endUnheard(5, 0.1);
    worker!.messages.length = 0;
    worker!.poll();
    await settleMicrotasks();
    expect(worker!.messages.map((tasks) => tasks.length)).toEqual([5]);
    worker!.endUnheard(5, 0.1);
    worker!.poll();
    await Promise.all(asked);
  });

  it('waits for no other turn where tasks waited before the result came in', async () => {
    const { pool, engine } = await fakePool({ size: { min: 1, max: 1 } }, { presend: 128 });
    const calls = await submit(pool, 2);
    engine.workers[0]!.end();
    expect(idsOf(engine.workers[0]!.started)).toEqual([2]);
    await settleMicrotasks();
    expect(calls.map((call) => call.state)).toEqual(['resolved', 'pending']);
  });

  it('by a listener, in the middle of a flush, leaves with it', async () => {
    const { pool, engine } = await aheadPool({ size: { min: 3, max: 3 } });
    const calls = [watch(pool.run('work'))];
    let isFirst = true;
    pool.on('started', () => {
      if (isFirst) calls.push(watch(pool.run('work')));
      isFirst = false;
    });
    calls.push(watch(pool.run('work')));
    expect(engine.running).toHaveLength(3);
    for (const worker of engine.running) worker.end();
    await settleMicrotasks();
    expect(calls.map((call) => call.state)).toEqual(['resolved', 'resolved', 'resolved']);
  });

  it('while the pool is paused waits, whatever is idle', async () => {
    const { pool, engine } = await aheadPool(two);
    pool.pause();
    await submit(pool, 4);
    expect(engine.workers.flatMap((worker) => worker.messages)).toEqual([]);
    pool.resume();
    expect(engine.workers.map((worker) => worker.messages.map((tasks) => tasks.length))).toEqual([[2], [2]]);
  });
});
