import { AsyncLocalStorage } from 'node:async_hooks';
import { threadId } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  ContextError,
  createPool,
  PoolConfigError,
  TaskCloneError,
  type ContextCarrier,
  type PoolOptions,
} from '../../../lib/entries/core.js';
import { DepthCarrier, depths } from '../../fixtures/context/depth.carrier.js';
import { RequestCarrier, requests } from '../../fixtures/context/request-store.js';
import { faulty } from '../../fixtures/context/tasks.js';

const tasks = new URL('../../fixtures/context/tasks.js', import.meta.url);

function poolWith(context: PoolOptions['context'], options: Partial<PoolOptions> = {}) {
  const pool = createPool({ name: 'main', tasks, size: { max: 1 }, scaling: false, context, ...options });
  onTestFinished(() => pool.close({ force: true }));
  return pool;
}

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => error,
  );

describe('what surrounds a call (U8)', () => {
  it('surrounds its task in the worker, also after the task awaited, and no other task', async () => {
    const pool = poolWith([new RequestCarrier()]);
    const [first, second, none] = await Promise.all([
      requests.run({ id: 'r1' }, () => pool.run('seen')),
      requests.run({ id: 'r2' }, () => pool.run('seen')),
      pool.run('seen'),
    ]);
    expect(first).toMatchObject({ before: 'r1', after: 'r1' });
    expect(second).toMatchObject({ before: 'r2', after: 'r2' });
    expect(none).toMatchObject({ before: null, after: null });
    expect((first as { threadId: number }).threadId).not.toBe(threadId);
  });

  it('keeps tasks apart that one worker interleaves', async () => {
    const pool = poolWith([new RequestCarrier()], { worker: { concurrency: 8 } });
    const ids = Array.from({ length: 20 }, (_, index) => `r${index}`);
    const seen = await Promise.all(ids.map((id) => requests.run({ id }, () => pool.run<{ after: string }>('seen'))));
    expect(seen.map(({ after }) => after)).toEqual(ids);
  });

  it.each([1, 4])(
    'surrounds every item of a stream, to the last and its finally, %d at a time (P11)',
    async (concurrency) => {
      const pool = poolWith([new RequestCarrier()], { worker: { concurrency } });
      const read = async (id: string | null) => {
        const atTheEnd: unknown[] = [];
        const options = { onProgress: (value: unknown) => void atTheEnd.push(value) };
        const open = () => pool.stream<string | null>('seenByItems', [50], options);
        const seen = new Set<string | null>();
        for await (const item of id === null ? open() : requests.run({ id }, open)) seen.add(item);
        return [...seen, ...atTheEnd];
      };
      const all = await Promise.all([read('r1'), read('r2'), read(null)]);
      expect(all).toEqual([
        ['r1', 'r1'],
        ['r2', 'r2'],
        [null, null],
      ]);
    },
  );

  it('is what it was at the call: what the caller changes while the task waits does not show', async () => {
    const pool = poolWith([new RequestCarrier()]);
    const request = { id: 'before' };
    const seen = requests.run(request, () => pool.run('id'));
    request.id = 'after';
    expect(await seen).toBe('before');
  });

  it('nests, the first carrier outermost, each told which task it is', async () => {
    const pool = poolWith([new RequestCarrier(), new DepthCarrier()]);
    const call = () => pool.run<{ depth: unknown }>('seen');
    const { depth } = await requests.run({ id: 'r' }, () => depths.run({ level: 3 }, call));
    const about = { pool: 'main', task: 'seen', workerId: expect.any(Number), attempt: 1 };
    expect(depth).toEqual({ level: 3, isInsideRequest: true, about });
    const alone = await depths.run({ level: 4 }, call);
    expect(alone.depth).toEqual({ level: 4, isInsideRequest: false, about });
  });

  it('is told the number of a spare that joined the pool (P13)', async () => {
    const pool = poolWith([new DepthCarrier()], { size: { max: 2 }, worker: { spares: 1 } });
    await pool.ready();
    while (pool.snapshot().spares === 0) await new Promise((resolve) => setImmediate(resolve));
    await pool.resize(2);
    const call = () => pool.broadcast<{ depth: { about: { workerId: number } } }>('seen');
    const seen = await depths.run({ level: 1 }, call);
    expect(seen.map(({ depth }) => depth.about.workerId).toSorted()).toEqual([1, 2]);
  });

  it('goes with map and group as well', async () => {
    const pool = poolWith([new RequestCarrier()], { size: { max: 2 } });
    await requests.run({ id: 'r' }, async () => {
      const mapped: string[] = [];
      for await (const result of pool.map<number, string>('id', [1, 2, 3])) mapped.push(result);
      expect(mapped).toEqual(['r 1', 'r 2', 'r 3']);
      const group = pool.group();
      const [one, two] = [group.run('id', [1]), group.run('id', [2])];
      expect(await Promise.all([one, two])).toEqual(['r 1', 'r 2']);
    });
  });

  it('goes with a stream, around each of its items', async () => {
    const pool = poolWith([new RequestCarrier()]);
    const items: string[] = [];
    await requests.run({ id: 'r' }, async () => {
      for await (const item of pool.stream<string>('ids', [40])) items.push(item);
    });
    expect(items).toEqual(Array.from({ length: 40 }, (_, n) => `r ${n} r`));
    expect(await pool.run('id')).toBe('none');
  });

  it('goes with a retry as it was captured at the call', async () => {
    const pool = poolWith([new RequestCarrier()]);
    const died = new Int32Array(new SharedArrayBuffer(4));
    const request = { id: 'first' };
    const retried = requests.run(request, () => pool.run('diesOnce', [died], { idempotent: true, retries: 1 }));
    request.id = 'later';
    expect(await retried).toBe('first 2');
  });

  it('goes with a broadcast to every worker', async () => {
    const pool = poolWith([new RequestCarrier()], { size: { min: 2, max: 2 } });
    await pool.ready();
    expect(await requests.run({ id: 'r' }, () => pool.broadcast('id'))).toEqual(['r', 'r']);
  });

  it('is the caller’s own where the task runs on the calling thread', async () => {
    const pool = poolWith([new RequestCarrier()], { queue: { capacity: 1, overflow: 'caller-runs' } });
    await pool.ready();
    // The functions of the module are those of this thread: its own storage, with the caller's store.
    const all = await requests.run({ id: 'r' }, () =>
      Promise.all(Array.from({ length: 8 }, () => pool.run<{ after: string; threadId: number }>('seen'))),
    );
    expect(all.every(({ after }) => after === 'r')).toBe(true);
    expect(all.some((one) => one.threadId === threadId)).toBe(true);
  });
});

describe('a carrier that fails', () => {
  const capturing = (captured: unknown) => ({ ...faulty, capture: () => captured }) as ContextCarrier;

  it('to capture: the call rejects and names it; the next call is served', async () => {
    let isBroken = true;
    const carrier = Object.assign(new RequestCarrier(), {
      capture: () => {
        if (isBroken) throw new TypeError('no store');
        return { id: 'mended' };
      },
    });
    const pool = poolWith([carrier]);
    const error = (await failure(pool.run('id'))) as ContextError;
    expect(error).toBeInstanceOf(ContextError);
    expect(error).toMatchObject({ code: 'CONTEXT', pool: 'main', carrier: 'RequestCarrier' });
    expect(error.message).toBe(
      "pool 'main': the carrier RequestCarrier could not capture what surrounds the call: no store",
    );
    expect(error.cause).toBeInstanceOf(TypeError);
    isBroken = false;
    expect(await pool.run('id')).toBe('mended');
  });

  it('to capture at once: a promise is refused', async () => {
    const pool = poolWith([capturing(Promise.resolve('late'))]);
    await expect(pool.run('id')).rejects.toThrow(/capture\(\) of the carrier faulty returned a promise/);
  });

  it('to capture what can be cloned: the call rejects with the path, and the worker goes on', async () => {
    const pool = poolWith([new RequestCarrier()]);
    await pool.ready();
    const error = await failure(requests.run({ id: 'r', user: { send() {} } }, () => pool.run('id', ['plain'])));
    expect(error).toBeInstanceOf(TaskCloneError);
    expect(error).toMatchObject({ path: 'context.RequestCarrier.user.send', pool: 'main' });
    expect((error as Error).message).toBe(
      "pool 'main', task 'id': context.RequestCarrier.user.send is a function and cannot be sent to a worker thread. Let that carrier's capture() return plain data only.",
    );
    const both = requests.run({ id: 'r', user: () => 1 }, () => pool.run('id', [{ fn: () => 1 }]));
    expect(await failure(both)).toMatchObject({ path: 'args[0].fn' });
    expect(await requests.run({ id: 'r' }, () => pool.run('id'))).toBe('r');
    expect(pool.snapshot().workers).toHaveLength(1);
  });

  it.each([
    ['throws', /^pool 'main', task 'id': the carrier faulty could not surround the task: no luck\.$/],
    ['rejects', /the carrier faulty could not surround the task: late luck\.$/],
    ['forgets to call', /the carrier faulty did not call its task; run\(\) must call it/],
    ['forgets to return', /the carrier faulty returned nothing; run\(\) must return what task\(\) returns/],
    ['calls twice', /the carrier faulty called its task twice/],
  ])('in the worker: it %s', async (fault, message) => {
    const pool = poolWith([capturing(fault)]);
    const error = await failure(pool.run('id'));
    expect(error).toBeInstanceOf(ContextError);
    expect((error as Error).message).toMatch(message);
    expect(error).toMatchObject({ carrier: 'faulty' });
  });

  it('may call its task later, and lets the task’s own errors pass', async () => {
    expect(await poolWith([capturing('calls late')]).run('id')).toBe('none');
    expect(await failure(poolWith([capturing('works')]).run('fails'))).toBeInstanceOf(RangeError);
  });

  it('is refused at the boot where the workers’ module does not export it', async () => {
    class Unheard extends RequestCarrier {}
    const pool = poolWith([new Unheard()]);
    const error = (await failure(pool.ready())) as Error;
    const { cause } = error;
    expect(cause).toBeInstanceOf(PoolConfigError);
    expect((cause as Error).message).toMatch(
      /^pool 'main': calls carry what Unheard captures, but file:.*tasks\.js, which its workers load, exports no carrier of this name\. Export it there/,
    );
  });

  it.each([
    [{}, /context must be|context is an object, but must be an array of carriers/],
    [[7], /context is 7, but must be a carrier/],
    [[{ capture() {}, run() {} }], /must be an instance of a class that has a name, or have a name of its own/],
    [[new RequestCarrier(), new RequestCarrier()], /context\[1\] is called RequestCarrier, as another carrier is/],
  ])('is refused before any thread starts: %o', (context, message) => {
    expect(() => poolWith(context as never)).toThrow(message);
  });

  it('has no place in an async pool, where AsyncLocalStorage follows by itself', async () => {
    const store = new AsyncLocalStorage<string>();
    const echo = { echo: async () => store.getStore() };
    const options = { kind: 'async', tasks: echo } as const;
    expect(() => poolWith([new RequestCarrier()], options)).toThrow(/must be left out for kind 'async'/);
    const pool = poolWith(undefined, options);
    expect(await store.run('s', () => pool.run('echo'))).toBe('s');
  });
});
