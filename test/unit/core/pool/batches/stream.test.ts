import { describe, expect, it } from 'vitest';
import type { EngineTask } from '../../../../../lib/core/engine.js';
import { PoolConfigError } from '../../../../../lib/core/errors.js';
import { collect } from '../../../../support/collect.js';
import { fakePool, learn, submit } from '../../../../support/fake-pool.js';
import { settleMicrotasks } from '../../../../support/virtual-clock.js';
import { rejectionOf, watch } from '../../../../support/watch.js';
import { reader } from './source.js';

const ONE = { size: { min: 1, max: 1 } };
const END = { done: true, value: undefined };

/** A stream that runs in the one worker of a pool, and its first read. */
async function begun(signal?: AbortSignal) {
  const fake = await fakePool(ONE);
  const items = reader(fake.pool.stream<number>('work', [], { ...(signal && { signal }) }));
  const first = watch(items.next());
  await settleMicrotasks();
  const [worker] = fake.engine.running;
  const [task] = worker!.started;
  return { ...fake, items, first, worker: worker!, task: task! };
}

describe('a stream (P11)', () => {
  it('does nothing before it is read, and is a task like any other from then on', async () => {
    const { pool, engine } = await fakePool(ONE);
    const stream = pool.stream('work', [1, 2]);
    await settleMicrotasks();
    expect(pool.snapshot().counters.submitted).toBe(0);
    void stream[Symbol.asyncIterator]().next();
    await settleMicrotasks();
    expect(engine.workers[0]!.started).toMatchObject([{ name: 'work', args: [1, 2], answer: 'stream' }]);
    expect(pool.snapshot()).toMatchObject({ busy: 1, counters: { submitted: 1 } });
  });

  it('can be iterated once', async () => {
    const { pool } = await fakePool(ONE);
    const stream = pool.stream('work');
    stream[Symbol.asyncIterator]();
    expect(() => stream[Symbol.asyncIterator]()).toThrow(expect.objectContaining({ code: 'STREAM_USED' }));
  });

  it('left before it is read was never called', async () => {
    const { pool } = await fakePool(ONE);
    const items = reader(pool.stream('work'));
    expect(await items.return()).toEqual(END);
    expect(await items.next()).toEqual(END);
    expect(pool.snapshot().counters.submitted).toBe(0);
  });

  it('refuses wrong arguments where it is called', async () => {
    const { pool } = await fakePool(ONE);
    expect(() => pool.stream(1 as never)).toThrow(PoolConfigError);
    expect(() => pool.stream('work', {} as never)).toThrow("stream('work', args) is ");
    expect(() => pool.stream('work', [], { timeoutMS: 1 } as never)).toThrow('stream() has no option "timeoutMS"');
    expect(() => pool.stream('work', [], { onProgress: 1 } as never)).toThrow('onProgress is 1');
    expect(await rejectionOf(collect(pool.stream('unknown')))).toMatchObject({ code: 'TASK_NOT_FOUND' });
  });

  it('gives credit back in halves of what the worker may be ahead', async () => {
    const { items, worker, task, first } = await begun();
    for (let i = 0; i < 16; i++) worker.yield(task, i);
    await settleMicrotasks();
    expect([first.value, worker.creditOf(task)]).toEqual([{ done: false, value: 0 }, 0]);
    for (let i = 1; i < 8; i++) {
      expect(worker.creditOf(task)).toBe(0);
      expect((await items.next()).value).toBe(i);
    }
    expect(worker.creditOf(task)).toBe(8);
  });

  it('answers readers that wait together in order', async () => {
    const { items, worker, task, first } = await begun();
    const more = [watch(items.next()), watch(items.next()), watch(items.next())];
    worker.yield(task, 1);
    worker.yield(task, 2);
    worker.end();
    await settleMicrotasks();
    expect([first, ...more].map(({ value }) => value)).toEqual([
      { done: false, value: 1 },
      { done: false, value: 2 },
      END,
      END,
    ]);
  });

  it('yields what came before its end, whenever it is read', async () => {
    const { items, worker, task, first, pool } = await begun();
    for (let i = 0; i < 3; i++) worker.yield(task, i);
    worker.end(new Error('boom'), false);
    await settleMicrotasks();
    expect(pool.snapshot()).toMatchObject({ busy: 0, counters: { failed: 1 } });
    expect(first.value).toEqual({ done: false, value: 0 });
    expect([(await items.next()).value, (await items.next()).value]).toEqual([1, 2]);
    expect((await rejectionOf(items.next())).message).toBe('boom');
    expect(await items.next()).toEqual(END);
  });

  it('aborted after its task has ended, drops what was not read', async () => {
    const controller = new AbortController();
    const { items, worker, task } = await begun(controller.signal);
    for (let i = 0; i < 3; i++) worker.yield(task, i);
    worker.end();
    await settleMicrotasks();
    controller.abort('enough');
    expect(await rejectionOf(items.next())).toBe('enough');
    expect(await items.next()).toEqual(END);
  });

  it('left by throw() or disposal is cancelled', async () => {
    for (const leave of ['throw', 'dispose'] as const) {
      const { items, worker, task, pool } = await begun();
      if (leave === 'throw') expect((await rejectionOf(items.throw(new Error('out')))).message).toBe('out');
      else await (items as unknown as AsyncDisposable)[Symbol.asyncDispose]();
      expect(worker.aborts.get(task)).toMatchObject({ code: 'STREAM_LEFT', pool: 'fake' });
      expect(pool.snapshot().counters.cancelled).toBe(1);
    }
  });

  it('is neither sent ahead nor followed by what is sent ahead, however short its task has been', async () => {
    const fake = await fakePool(ONE, { presend: 16 });
    await learn(fake, 'work', 0.1);
    const [worker] = fake.engine.workers;
    const items = reader(fake.pool.stream('work'));
    void items.next();
    await settleMicrotasks();
    await submit(fake.pool, 3);
    expect(worker!.claims.size).toBe(1);
  });

  it('is retried after a crash only while it has yielded nothing (P9)', async () => {
    const { pool, engine, clock } = await fakePool({ ...ONE, quarantine: false });
    const items = reader(pool.stream<number>('work', [], { idempotent: true }));
    const first = watch(items.next());
    await settleMicrotasks();
    engine.workers[0]!.crash();
    await clock.advance(200);
    const [again] = engine.running;
    const [task] = again!.started;
    expect(task!.attempt).toBe(2);
    again!.yield(task!, 1);
    again!.crash();
    await clock.advance(40_000);
    expect(first.value).toEqual({ done: false, value: 1 });
    expect(await rejectionOf(items.next())).toMatchObject({ code: 'WORKER_CRASHED' });
    expect([engine.running, pool.snapshot().counters.retried]).toEqual([[], 1]);
  });

  it('never runs inline for being short (P15)', async () => {
    const { pool, engine } = await fakePool({ ...ONE, inlineBelowUs: 10_000 });
    for (let i = 0; i < 25; i++) {
      void pool.run('work');
      await settleMicrotasks();
      engine.running[0]?.end();
      await settleMicrotasks();
    }
    expect(await pool.run('work')).toBe('here: work');
    void reader(pool.stream('work')).next();
    await settleMicrotasks();
    expect(engine.running).toHaveLength(1);
  });

  it('runs here under caller-runs, paced and left as elsewhere', async () => {
    const { pool, engine } = await fakePool({ ...ONE, queue: { capacity: 1, overflow: 'caller-runs' } });
    await submit(pool, 2);
    let credits = 0;
    let aborted: unknown;
    let told!: (value: number) => void;
    engine.here = (task: EngineTask, caller) => {
      caller.onCredit = (n) => (credits += n);
      told = (value) => caller.item(task, value);
      return new Promise((_, reject) => {
        caller.signal.addEventListener('abort', () => {
          aborted = caller.signal.reason;
          reject(aborted as Error);
        });
      });
    };
    const items = reader(pool.stream<number>('work'));
    const first = items.next();
    for (let i = 0; i < 9; i++) told(i);
    expect((await first).value).toBe(0);
    for (let i = 1; i < 9; i++) await items.next();
    expect(credits).toBe(8);
    await items.return();
    expect(aborted).toMatchObject({ code: 'STREAM_LEFT' });
    expect(pool.snapshot().counters.cancelled).toBe(1);
  });

  it('counts its items as signs of life', async () => {
    const { worker, task, pool, clock } = await begun();
    await clock.advance(5_000);
    expect(pool.snapshot().noneEndedForMs).toBe(5_000);
    worker.yield(task, 1);
    expect(pool.snapshot().noneEndedForMs).toBe(0);
  });

  it('tells progress to its caller and to listeners, and of an ended task nothing', async () => {
    const { pool, engine } = await fakePool(ONE);
    const [heard, events]: [unknown[], unknown[]] = [[], []];
    pool.on('progress', (event) => events.push(event));
    void pool.run('work', [], { onProgress: (value) => heard.push(value) });
    const [worker] = engine.running;
    const [task] = worker!.started;
    worker!.sink.progress(task!, { done: 1 });
    worker!.end();
    worker!.sink.progress(task!, 'late');
    expect(heard).toEqual([{ done: 1 }]);
    expect(events).toEqual([{ id: task!.id, task: 'work', value: { done: 1 } }]);
  });
});
