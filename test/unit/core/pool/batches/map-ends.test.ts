import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PoolClosedError, PoolFullError } from '../../../../../lib/core/errors.js';
import { collect } from '../../../../support/collect.js';
import { fakePool } from '../../../../support/fake-pool.js';
import { settleMicrotasks } from '../../../../support/virtual-clock.js';
import { rejectionOf, watch } from '../../../../support/watch.js';
import { endRunning, failItem, Numbers, reader, runningItems } from './source.js';

const FOUR = { size: { min: 4, max: 4 } };
const boom = new Error('boom');
const END = { done: true, value: undefined };

/** Rejections that nobody handled. */
const unhandled: unknown[] = [];
const note = (reason: unknown) => void unhandled.push(reason);
beforeEach(() => void process.on('unhandledRejection', note));
afterEach(async () => {
  await settleMicrotasks();
  process.off('unhandledRejection', note);
  expect(unhandled.splice(0)).toEqual([]);
});

/** A map over endless numbers with four tasks under way, and its first read. */
async function begun(kind: 'sync' | 'async' = 'sync', signal?: AbortSignal) {
  const fake = await fakePool(FOUR);
  const numbers = new Numbers();
  const iterator = reader(fake.pool.map('work', numbers[kind](), { ...(signal && { signal }) }));
  const first = watch(iterator.next());
  for (let turn = 0; turn < 6; turn++) await settleMicrotasks();
  expect(runningItems(fake.engine)).toEqual([0, 1, 2, 3]);
  return { ...fake, numbers, iterator, first };
}

describe('the end of a map (P10, P13)', () => {
  it('comes with the first error of a task: the rest is cancelled, the source closed', async () => {
    const { pool, engine, numbers, iterator, first } = await begun();
    await failItem(engine, 2, boom);
    expect([first.error, numbers.returns]).toEqual([boom, 1]);
    expect(pool.snapshot()).toMatchObject({ queueDepth: 0, counters: { submitted: 4, failed: 1, cancelled: 3 } });
    const reasons = engine.workers.flatMap((worker) => [...worker.aborts.values()]);
    expect(reasons).toHaveLength(3);
    expect(reasons[0]).toMatchObject({ code: 'MAP_ENDED', pool: 'fake', cause: boom });
    expect(await iterator.next()).toEqual(END);
  });

  it('drops the results that were not read, and tells the error to whoever reads next', async () => {
    const { engine, iterator, first } = await begun();
    await endRunning(engine, [0, 1]);
    expect(first.value).toEqual({ done: false, value: 0 });
    await failItem(engine, 3, boom);
    expect(await rejectionOf(iterator.next())).toBe(boom);
    expect(await iterator.next()).toEqual(END);
  });

  it('comes when the loop is left, by break, by an error, by return()', async () => {
    for (const leave of ['break', 'throw'] as const) {
      const { pool, engine } = await fakePool(FOUR);
      const numbers = new Numbers();
      const loop = watch(
        (async () => {
          for await (const result of pool.map('work', numbers.sync())) {
            if (result !== 10) continue;
            if (leave === 'break') break;
            throw boom;
          }
        })(),
      );
      await settleMicrotasks();
      await endRunning(engine, [0, 1]);
      expect(loop).toMatchObject(leave === 'break' ? { state: 'resolved' } : { state: 'rejected', error: boom });
      expect(numbers.returns).toBe(1);
      expect(pool.snapshot()).toMatchObject({ busy: 0, queueDepth: 0, counters: { completed: 2, failed: 0 } });
    }
  });

  it('by return() answers a reader that waits', async () => {
    const { pool, iterator, first, numbers } = await begun();
    expect(await iterator.return()).toEqual(END);
    expect([first.value, numbers.returns]).toEqual([END, 1]);
    expect(pool.snapshot().counters).toMatchObject({ submitted: 4, cancelled: 4 });
    expect(await iterator.return()).toEqual(END);
    expect(numbers.returns).toBe(1);
  });

  it('by throw() closes as return() does', async () => {
    const { iterator, numbers } = await begun();
    expect(await rejectionOf(iterator.throw(boom))).toBe(boom);
    expect(numbers.returns).toBe(1);
  });

  it('before its beginning never opens the source', async () => {
    const { pool } = await fakePool(FOUR);
    const iterator = reader(pool.map('work', [1], { signal: new AbortController().signal }));
    expect(await iterator.return()).toEqual(END);
    expect(await iterator.next()).toEqual(END);
    expect(pool.snapshot().counters.submitted).toBe(0);
  });

  it('waits for the source to clean up, and tells what that throws to who left', async () => {
    const { pool } = await fakePool(FOUR);
    let release!: () => void;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const iterator = reader(
      pool.map('work', {
        [Symbol.asyncIterator]: () => ({
          next: async () => ({ done: false, value: 1 }),
          return: async () => {
            await gate;
            throw boom;
          },
        }),
      }),
    );
    void iterator.next();
    await settleMicrotasks();
    const left = watch(iterator.return());
    await settleMicrotasks();
    expect(left.state).toBe('pending');
    release();
    await settleMicrotasks();
    expect(left.error).toBe(boom);
  });

  it.each(['sync', 'async'] as const)('comes with what a %s source throws', async (kind) => {
    const { pool, engine } = await fakePool(FOUR);
    const numbers = new Numbers(2, boom);
    const iterator = reader(pool.map('work', numbers[kind]()));
    const first = watch(iterator.next());
    for (let turn = 0; turn < 4; turn++) await settleMicrotasks();
    expect(first.error).toBe(boom);
    expect(engine.workers.flatMap(({ aborts }) => [...aborts])).toHaveLength(2);
    expect(pool.snapshot().counters).toMatchObject({ submitted: 2, cancelled: 2 });
  });

  it('comes with what the source throws as it is opened, and with a promise of an array that rejects', async () => {
    const { pool } = await fakePool(FOUR);
    const closed = {
      [Symbol.iterator]() {
        throw boom;
      },
    };
    expect(await rejectionOf(collect(pool.map('work', closed)))).toBe(boom);
    expect(await rejectionOf(collect(pool.map('work', [1, Promise.reject(boom)])))).toBe(boom);
  });

  it('comes with an abort, and signal.reason, and leaves no listener behind', async () => {
    const controller = new AbortController();
    const { pool, engine, first, numbers } = await begun('sync', controller.signal);
    controller.abort('enough');
    await settleMicrotasks();
    expect([first.error, numbers.returns]).toEqual(['enough', 1]);
    expect(engine.workers.map(({ aborts }) => [...aborts.values()])).toEqual(
      Array.from({ length: 4 }, () => ['enough']),
    );
    expect(pool.snapshot().counters).toMatchObject({ cancelled: 4 });
    const late = new Numbers();
    const { signal } = controller;
    expect(await rejectionOf(collect(pool.map('work', late.sync(), { signal })))).toBe('enough');
    expect(late.pulled).toBe(0);
  });

  it('comes at once where the source hangs in its next()', async () => {
    const { pool } = await fakePool(FOUR);
    const controller = new AbortController();
    const hanging = (async function* () {
      yield 1;
      await new Promise(() => undefined);
    })();
    const { signal } = controller;
    const all = watch(collect(pool.map('work', hanging, { signal })));
    await settleMicrotasks();
    controller.abort('enough');
    await settleMicrotasks();
    expect(all.error).toBe('enough');
  });

  it('may be brought about by the source itself', async () => {
    const { pool } = await fakePool(FOUR);
    const controller = new AbortController();
    let isClosed = false;
    const source = (function* () {
      try {
        yield 1;
        controller.abort('enough');
        yield 2;
      } finally {
        isClosed = true;
      }
    })();
    const { signal } = controller;
    expect(await rejectionOf(collect(pool.map('work', source, { signal })))).toBe('enough');
    expect(isClosed).toBe(true);
    expect(pool.snapshot().counters.submitted).toBe(1);
  });

  it('comes with the close or the drain of the pool, also for items that wait for room', async () => {
    for (const end of ['close', 'drain'] as const) {
      const { pool, engine } = await fakePool({ size: { min: 1, max: 1 }, queue: { capacity: 1 } });
      const numbers = new Numbers();
      const all = watch(collect(pool.map('work', numbers.sync(), { concurrency: 20 })));
      await settleMicrotasks();
      const ended = pool[end]();
      await endRunning(engine);
      expect(all.error).toBeInstanceOf(PoolClosedError);
      expect(numbers.returns).toBe(1);
      engine.workers[0]!.end();
      await ended;
      expect(pool.snapshot()).toMatchObject({ queueDepth: 0, busy: 0 });
    }
  });

  it("comes with the drop of an item that makes room for somebody else's task", async () => {
    const { pool, engine } = await fakePool({
      size: { min: 1, max: 1 },
      queue: { capacity: 1, overflow: 'drop-oldest' },
    });
    const all = watch(collect(pool.map('work', new Numbers(2).sync(), { concurrency: 2 })));
    await settleMicrotasks();
    const other = watch(pool.run('work', [7]));
    await settleMicrotasks();
    expect(all.error).toBeInstanceOf(PoolFullError);
    engine.workers[0]!.end(new Error('aborted'), false);
    await settleMicrotasks();
    await endRunning(engine);
    expect(other.value).toBe(70);
    expect(pool.snapshot().counters).toMatchObject({ submitted: 3, completed: 1, dropped: 1, cancelled: 1 });
  });

  it('warns of no listeners, however many items wait for room', async () => {
    const warnings: unknown[] = [];
    const onWarning = (warning: unknown) => void warnings.push(warning);
    process.on('warning', onWarning);
    const { pool } = await fakePool({ size: { min: 1, max: 1 }, queue: { capacity: 1 } });
    const iterator = reader(pool.map('work', new Numbers().sync(), { concurrency: 50 }));
    void iterator.next();
    await settleMicrotasks();
    await iterator.return();
    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
  });
});
