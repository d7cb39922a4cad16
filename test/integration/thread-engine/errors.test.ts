import { describe, expect, it } from 'vitest';
import { TaskCloneError } from '../../../lib/entries/core.js';
import { rejectionOf } from '../../support/watch.js';
import { threadPool } from './thread-pool.js';

describe('errors from a thread', () => {
  it('keep what Node.js adds to system errors', async () => {
    const error = await rejectionOf(threadPool('errors').run('throwWithCode'));
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ message: 'no such file', code: 'ENOENT', errno: -2, path: '/nowhere' });
  });

  it('keep the whole chain of causes', async () => {
    const error = await rejectionOf(threadPool('errors').run('rejectWithCauses'));
    expect(error.cause).toBeInstanceOf(TypeError);
    expect(error.cause).toMatchObject({ message: 'inner', cause: 'innermost' });
  });

  it('of a class that is not known here keep its name, message and fields', async () => {
    const error = await rejectionOf(threadPool('errors').run('throwCustom', [7]));
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'PaymentError', message: 'order 7 was not paid', orderId: 7 });
    expect(error.stack).toContain('throwCustom');
  });

  it.each([undefined, null, 0, 'a string', false, 4n, ['a', 'list']])('may be any thrown value: %o', async (value) => {
    const call = threadPool('errors').run('throwValue', [value]);
    await expect(call).rejects.toEqual(value);
  });

  it('that cannot be cloned say so, with pool, task and path, and the worker lives on', async () => {
    const pool = threadPool('errors');
    const error = await rejectionOf<TaskCloneError>(pool.run('throwUncloneable'));
    expect(error).toBeInstanceOf(TaskCloneError);
    expect(error.path).toBe('thrown.reply.send');
    expect(error.message).toContain(`pool 'threads', task 'throwUncloneable': thrown.reply.send is a function`);
    expect(await pool.run('ok')).toBe('ok');
    expect(pool.snapshot().counters).toMatchObject({ failed: 1, completed: 1, crashes: 0 });
  });

  it('lose only the fields that cannot be cloned', async () => {
    const error = await rejectionOf(threadPool('errors').run('throwErrorWithUncloneable'));
    expect(error).toMatchObject({ message: 'still readable', status: 418 });
    expect(error).not.toHaveProperty('socket');
  });
});
