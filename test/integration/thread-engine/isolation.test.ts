import { MessagePort } from 'node:worker_threads';
import { describe, expect, it, vi } from 'vitest';
import { batchPool, range } from './batch-pool.js';
import { threadPool } from './thread-pool.js';

interface Thing {
  readonly inner: { value: number };
  readonly bytes: Buffer;
}

describe('tasks that are sent in one turn', () => {
  it('leave in few messages, where their arguments are primitive values', async () => {
    const { pool } = await batchPool();
    const posted = vi.spyOn(MessagePort.prototype, 'postMessage');
    expect(await Promise.all(range(0, 100).map((id) => pool.run('number', [id])))).toEqual(range(0, 100));
    expect(posted.mock.calls.length).toBeLessThan(10);
  });

  it('never share an object in the worker, though they were given the same one', async () => {
    const pool = threadPool('keeper', { size: { max: 1 } });
    const given = () => ({ inner: {}, bytes: new Uint8Array(8) });
    for (let lesson = 0; lesson < 50; lesson++) await pool.run('meet', [given()]);
    const thing = given();
    const seen = await Promise.all(range(0, 50).map(() => pool.run('meet', [thing])));
    expect(seen.flat()).toEqual([]);
    expect(thing).toEqual(given());
  });

  it('never share memory with their neighbours in a slab', async () => {
    const pool = threadPool('keeper', { size: { max: 1 } });
    const things = range(0, 50).map(() => ({ inner: {}, bytes: Buffer.from('\0 in a slab') }));
    expect(things[0]!.bytes.buffer).toBe(things[1]!.bytes.buffer);
    const seen = await Promise.all(things.map((thing) => pool.run('meet', [thing])));
    expect(seen.flat()).toEqual([]);
  });

  it('find two arguments of one call that are one object to be one', async () => {
    const pool = threadPool('keeper', { size: { max: 1 } });
    const object = {};
    const pairs = [
      [object, object],
      [object, {}],
      [object, object],
    ];
    expect(await Promise.all(pairs.map((pair) => pool.run('areOne', pair)))).toEqual([true, false, true]);
  });

  it('give each caller a result of its own, though they return the same object', async () => {
    const pool = threadPool('keeper', { size: { max: 1 } });
    for (let lesson = 0; lesson < 20; lesson++) await pool.run('lend');
    const lent = await Promise.all(range(0, 20).map(() => pool.run<Thing>('lend')));
    for (const part of ['inner', 'bytes'] as const) expect(new Set(lent.map((thing) => thing[part])).size).toBe(20);
    expect(new Set(lent.map((thing) => thing.bytes.buffer)).size).toBe(20);
    lent[0]!.inner.value = 2;
    lent[0]!.bytes[0] = 0;
    const next = await pool.run<Thing>('lend');
    for (const thing of [lent[1]!, next]) expect([thing.inner.value, thing.bytes.toString()]).toEqual([1, 'own']);
  });

  it('are cloned as they were when they left, not when they run', async () => {
    const { pool } = await batchPool();
    const value = { version: 1 };
    const call = pool.run('given', [0, value]);
    await new Promise(setImmediate);
    value.version = 2;
    expect(await call).toEqual({ version: 1 });
  });
});
