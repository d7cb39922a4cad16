import { describe, expect, it } from 'vitest';
import { TaskCloneError } from '../../../lib/entries/core.js';
import { rejectionOf } from '../../support/watch.js';
import { threadPool } from './thread-pool.js';

describe('what crosses to a thread', () => {
  it('is the bytes of a small Buffer, not the slab that it shares with strangers', async () => {
    const pool = threadPool('memory');
    const small = Buffer.from('secret');
    expect(small.buffer.byteLength).toBeGreaterThan(6);
    expect(await pool.run('behind', [small])).toBe(6);
    const back = await pool.run<Buffer>('fromSlab', ['hello']);
    expect(Buffer.isBuffer(back)).toBe(true);
    expect([back.toString(), back.buffer.byteLength]).toEqual(['hello', 5]);
  });

  it('is shared where it is shared memory', async () => {
    const shared = new SharedArrayBuffer(16);
    expect(await threadPool('memory').run('behind', [new Uint8Array(shared, 0, 2)])).toBe(16);
  });

  it('may be nothing', async () => {
    const pool = threadPool('memory');
    expect(await pool.run('nothing')).toBeUndefined();
    expect(await pool.run('count')).toBe(0);
    expect(await pool.run('count', [undefined, null, 0])).toBe(3);
  });

  it('is refused by the path of the culprit, not of a signal or of what moves along', async () => {
    const pool = threadPool('memory');
    const { port1 } = new MessageChannel();
    const args = [new AbortController().signal, port1, () => 1];
    const error = await rejectionOf<TaskCloneError>(pool.run('count', args, { transfer: [port1] }));
    expect(error).toBeInstanceOf(TaskCloneError);
    expect(error.path).toBe('args[2]');
    port1.close();
  });

  it('is refused where it moved away before', async () => {
    const pool = threadPool('memory');
    const bytes = new Uint8Array(10);
    await pool.run('behind', [bytes], { transfer: [bytes.buffer] });
    await expect(pool.run('behind', [bytes], { transfer: [bytes.buffer] })).rejects.toBeInstanceOf(TaskCloneError);
    expect(await pool.run('count')).toBe(0);
  });

  it('is refused where a getter throws, and the pool goes on', async () => {
    const pool = threadPool('memory');
    const trap = {
      get value() {
        throw new Error('trapped');
      },
    };
    const error = await rejectionOf<TaskCloneError>(pool.run('count', [trap]));
    expect(error).toMatchObject({ name: 'TaskCloneError', path: 'args[0].value' });
    expect(await pool.run('count')).toBe(0);
  });

  it('is refused thousands of times over, while others are served', async () => {
    const pool = threadPool('memory');
    const refused = Array.from({ length: 5_000 }, () => rejectionOf(pool.run('count', [() => 1])));
    const served = pool.run('count', [1]);
    expect((await Promise.all(refused)).every((error) => error instanceof TaskCloneError)).toBe(true);
    expect(await served).toBe(1);
    expect(pool.snapshot().counters).toMatchObject({ submitted: 5_001, failed: 5_000, completed: 1, crashes: 0 });
  });
});
