import { describe, expect, it } from 'vitest';
import { TaskCloneError } from '../../../lib/entries/core.js';
import { threadPool } from './thread-pool.js';

describe('values across the thread boundary', () => {
  it('brings Buffers as Buffers, both ways and in nested objects', async () => {
    const pool = threadPool('boundary');
    expect(await pool.run('describe', [Buffer.from('hi')])).toBe('Buffer hi');
    expect(await pool.run('nested', [{ deep: [Buffer.from('there')] }])).toBe('Buffer there');
    const { body } = await pool.run<{ body: Buffer }>('makeBuffer', ['back']);
    expect(Buffer.isBuffer(body)).toBe(true);
    expect(body.toString()).toBe('back');
  });

  it('copies a view of a class whose constructor wants arguments of its own, and serves the next call (U8)', async () => {
    class Vector extends Float64Array {
      constructor(arena: { readonly memory: ArrayBuffer }, index: number) {
        super(arena.memory, index * 24, 3);
      }
    }
    const pool = threadPool('boundary', { size: { max: 1 } });
    const call = pool.run('describe', [new Vector({ memory: new ArrayBuffer(240) }, 1)]);
    expect(await call).toBe('[object Float64Array]');
    expect(await pool.run('describe', [1])).toBe('[object Number]');
  });

  it('moves what the transfer list names', async () => {
    const pool = threadPool('boundary');
    const bytes = new Uint8Array(1_000);
    expect(await pool.run('byteLength', [bytes], { transfer: [bytes.buffer] })).toBe(1_000);
    expect(bytes.byteLength).toBe(0);
  });

  it('moves a result that the task handed to transfer()', async () => {
    const pool = threadPool('boundary', { size: { max: 1 } });
    expect((await pool.run<Uint8Array>('produce', [500])).byteLength).toBe(500);
    expect(await pool.run('keptBytes')).toEqual([0]);
  });

  it.each([1, 4])(
    'tells a task whose transfer() has no list, and the worker lives on, %d at a time (U8)',
    async (n) => {
      const pool = threadPool('boundary', { size: { max: 1 }, worker: { concurrency: n } });
      await expect(pool.run('badList', [5])).rejects.toMatchObject({
        code: 'POOL_CONFIG',
        message: 'the list of transfer() is 5, but must be an array of what moves.',
      });
      expect(await pool.run('describe', [1])).toBe('[object Number]');
      expect(pool.snapshot().counters.crashes).toBe(0);
    },
  );

  it.each([
    ['a function deep in an argument', [{ list: [1, { fn() {} }] }], 'args[0].list[1].fn'],
    ['a second argument', [1, new WeakMap()], 'args[1]'],
    ['a promise', [Promise.resolve(1)], 'args[0]'],
  ])('refuses %s with its path, and serves the next call', async (_, args, path) => {
    const pool = threadPool('boundary');
    const error = await pool.run('describe', args).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TaskCloneError);
    expect(error).toMatchObject({ path, pool: 'threads', code: 'TASK_CLONE' });
    expect((error as Error).message).toContain(`'describe'`);
    expect(await pool.run('describe', [1])).toBe('[object Number]');
    expect(pool.snapshot().counters).toMatchObject({ failed: 1, completed: 1, crashes: 0 });
  });

  it('refuses a result that cannot cross with its path, and the worker lives on', async () => {
    const pool = threadPool('boundary');
    await expect(pool.run('unsendable')).rejects.toMatchObject({ path: 'result.items[1]', code: 'TASK_CLONE' });
    expect(await pool.run('describe', ['x'])).toBe('[object String]');
    expect(pool.snapshot().counters.crashes).toBe(0);
  });

  it('brings errors back with class, code, cause and stack', async () => {
    const pool = threadPool('boundary');
    const error = (await pool.run('throwCoded').catch((thrown: unknown) => thrown)) as RangeError & { code: string };
    expect(error).toBeInstanceOf(RangeError);
    expect(error).toMatchObject({ message: 'out of range', code: 'E_RANGE', extra: [1] });
    expect(error.cause).toBeInstanceOf(TypeError);
    expect(error.stack).toContain('boundary.');
    const several = (await pool.run('throwAggregate').catch((thrown: unknown) => thrown)) as AggregateError;
    expect(several).toBeInstanceOf(AggregateError);
    expect(several.errors[0]).toBeInstanceOf(TypeError);
    expect(several.errors[1]).toBe('second');
    await expect(pool.run('throwPlain')).rejects.toEqual({ plain: true });
  });
});
