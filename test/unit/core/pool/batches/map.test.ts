import { describe, expect, it } from 'vitest';
import { collect } from '../../../../support/collect.js';
import { fakePool, submit } from '../../../../support/fake-pool.js';
import { settleMicrotasks } from '../../../../support/virtual-clock.js';
import { rejectionOf, watch } from '../../../../support/watch.js';
import { endRunning, Numbers, reader, runningItems } from './source.js';

const FOUR = { size: { min: 4, max: 4 } };

describe('map (P11, P13)', () => {
  it('runs the task on each item, and yields the results in the order of the items', async () => {
    const { pool, engine } = await fakePool(FOUR);
    const results = watch(collect(pool.map('work', [1, 2, 3])));
    await settleMicrotasks();
    await endRunning(engine, [3]);
    await endRunning(engine, [1]);
    await endRunning(engine, [2]);
    expect(results.value).toEqual([10, 20, 30]);
    expect(pool.snapshot().counters).toMatchObject({ submitted: 3, completed: 3 });
  });

  it('yields them as they are ready with ordered: false', async () => {
    const { pool, engine } = await fakePool(FOUR);
    const results = watch(collect(pool.map('work', [1, 2, 3], { ordered: false })));
    await settleMicrotasks();
    await endRunning(engine, [3]);
    await endRunning(engine, [1]);
    await endRunning(engine, [2]);
    expect(results.value).toEqual([30, 10, 20]);
  });

  it('of nothing yields nothing', async () => {
    const { pool } = await fakePool();
    expect(await collect(pool.map('work', []))).toEqual([]);
    expect(await collect(pool.map('work', new Numbers(0).async()))).toEqual([]);
  });

  it('awaits an array of promises', async () => {
    const { pool, engine } = await fakePool(FOUR);
    const results = watch(collect(pool.map('work', [Promise.resolve(1), 2])));
    await settleMicrotasks();
    await endRunning(engine);
    expect(results.value).toEqual([10, 20]);
  });

  it('pulls nothing before it is read', async () => {
    const { pool } = await fakePool(FOUR);
    const numbers = new Numbers();
    const iterator = reader(pool.map('work', numbers.sync()));
    await settleMicrotasks();
    expect(numbers.pulled).toBe(0);
    void iterator.next();
    expect(numbers.pulled).toBe(4);
  });

  it.each(['sync', 'async'] as const)(
    'holds at most concurrency + 16 items of an endless %s source under a slow reader',
    async (kind) => {
      const { pool, engine } = await fakePool(FOUR);
      const numbers = new Numbers();
      const iterator = reader(pool.map('work', numbers[kind](), { concurrency: 3 }));
      for (let read = 0; read < 50; read++) {
        const next = watch(iterator.next());
        for (let round = 0; round < 30; round++) {
          await endRunning(engine);
          // The one that was read last is in the reader's hands still.
          expect(numbers.pulled - read).toBeLessThanOrEqual(3 + 16);
        }
        expect(next.value).toEqual({ done: false, value: read * 10 });
      }
      expect(numbers.pulled - 49).toBe(3 + 16);
      expect(pool.snapshot()).toMatchObject({ busy: 0, queueDepth: 0 });
      await iterator.return();
    },
  );

  it('holds no more where results come out of order and the first is late', async () => {
    const { pool, engine } = await fakePool(FOUR);
    const numbers = new Numbers();
    const iterator = reader(pool.map('work', numbers.sync()));
    const next = watch(iterator.next());
    await settleMicrotasks();
    const others = () => runningItems(engine).filter((item) => item !== 0);
    for (let round = 0; round < 30; round++) await endRunning(engine, others());
    expect([next.state, numbers.pulled]).toEqual(['pending', 4 + 16]);
    await endRunning(engine);
    expect(next.value).toEqual({ done: false, value: 0 });
    await iterator.return();
  });

  it('answers as many readers as ask at once', async () => {
    const { pool, engine } = await fakePool(FOUR);
    const iterator = reader(pool.map('work', new Numbers(40).sync(), { concurrency: 1 }));
    const reads = Array.from({ length: 42 }, () => watch(iterator.next()));
    for (let round = 0; round < 41; round++) await endRunning(engine);
    expect(reads.map(({ value }) => value?.value)).toEqual([
      ...Array.from({ length: 40 }, (_, i) => i * 10),
      undefined,
      undefined,
    ]);
    expect(reads.at(-1)!.value!.done).toBe(true);
  });

  it('pulls an async source one item at a time', async () => {
    const { pool, engine } = await fakePool(FOUR);
    let [asked, most] = [0, 0];
    const source = {
      [Symbol.asyncIterator]: () => ({
        next: async () => {
          most = Math.max(most, ++asked);
          await settleMicrotasks();
          asked--;
          return { done: false as const, value: 1 };
        },
      }),
    };
    const iterator = reader(pool.map('work', source));
    void iterator.next();
    for (let round = 0; round < 10; round++) await endRunning(engine);
    expect(most).toBe(1);
    await iterator.return();
  });

  it('keeps as many tasks with the pool as its bounds allow, and follows them (C1)', async () => {
    const { pool, engine } = await fakePool({ scaling: false, size: { min: 1, max: 2 }, worker: { concurrency: 3 } });
    const iterator = reader(pool.map('work', new Numbers().sync()));
    void iterator.next();
    expect(pool.snapshot().counters.submitted).toBe(6);
    pool.prepare({ name: 'fake', scaling: false, size: { min: 1, max: 4 } }).apply('test');
    await endRunning(engine, [0]);
    expect(pool.snapshot().counters.submitted).toBe(13);
    await iterator.return();
  });

  it('never submits more than its concurrency', async () => {
    const { pool, engine } = await fakePool(FOUR);
    const iterator = reader(pool.map('work', new Numbers().sync(), { concurrency: 2 }));
    void iterator.next();
    for (let round = 0; round < 5; round++) {
      expect(runningItems(engine)).toHaveLength(2);
      await endRunning(engine);
    }
    await iterator.return();
  });

  it.each(['reject', 'wait', 'drop-oldest', 'caller-runs'] as const)(
    'waits for room in a queue that others fill, under overflow %s, and is refused nothing',
    async (overflow) => {
      const { pool, engine, clock } = await fakePool({
        size: { min: 1, max: 1 },
        queue: { capacity: 1, overflow, ...(overflow === 'wait' && { waitMs: 10 }) },
      });
      const others = await submit(pool, 2);
      const results = watch(collect(pool.map('work', new Numbers(12).sync(), { concurrency: 12 })));
      await clock.advance(10_000);
      expect(pool.snapshot().counters).toMatchObject({ submitted: 2, dropped: 0, refused: 0 });
      for (let round = 0; round < 20; round++) await endRunning(engine);
      expect(others.map(({ state }) => state)).toEqual(['resolved', 'resolved']);
      expect(results.value).toEqual(Array.from({ length: 12 }, (_, i) => i * 10));
      expect(pool.snapshot().counters).toMatchObject({ submitted: 14, completed: 14, dropped: 0, refused: 0 });
    },
  );

  it('can be iterated once', async () => {
    const { pool } = await fakePool();
    const results = pool.map('work', []);
    expect(await collect(results)).toEqual([]);
    expect(await rejectionOf(collect(results))).toMatchObject({
      code: 'MAP_USED',
      message: "pool 'fake': the results of map('work') were iterated before. Call map() again, with a fresh source.",
    });
  });

  it('counts each item as a task (P12)', async () => {
    const { pool, engine } = await fakePool({ size: { min: 2, max: 2 } });
    const iterator = reader(pool.map('work', new Numbers().sync(), { concurrency: 5 }));
    void iterator.next();
    await settleMicrotasks();
    expect(pool.snapshot()).toMatchObject({ busy: 2, queueDepth: 3, counters: { submitted: 5 } });
    await endRunning(engine, [0]);
    await iterator.return();
    expect(pool.snapshot()).toMatchObject({
      busy: 0,
      queueDepth: 0,
      counters: { submitted: 6, completed: 1, cancelled: 5, failed: 0 },
    });
  });

  it.each([
    [{ concurrency: 0 }, "pool 'fake': map({ concurrency }) is 0, but must be a whole number from 1 to 1,000,000."],
    [{ concurrency: '4' }, `map({ concurrency }) is "4", but must be`],
    [{ ordered: 1 }, 'map({ ordered }) is 1, but must be true or false.'],
    [{ signal: {} }, 'map({ signal }) is an object, but must be an AbortSignal.'],
    [{ concurency: 1 }, `map() has no option "concurency". Did you mean 'concurrency'?`],
    [null, 'the options of map() is null, but must be an object.'],
  ])('refuses %j', async (options, message) => {
    const { pool } = await fakePool();
    expect(() => pool.map('work', [], options as never)).toThrow(message);
  });

  it('refuses what is no name of a task, and what is not iterable', async () => {
    const { pool } = await fakePool();
    expect(() => pool.map(1 as never, [])).toThrow("pool 'fake': map(task) is 1, but must be the name of a task.");
    expect(() => pool.map('work', 7 as never)).toThrow("pool 'fake': map('work', items) is 7, but must be an iterable");
    expect(() => pool.map('work', null as never)).toThrow('must be an iterable');
    expect(await rejectionOf(collect(pool.map('wrok', [1])))).toMatchObject({ code: 'TASK_NOT_FOUND' });
  });
});
