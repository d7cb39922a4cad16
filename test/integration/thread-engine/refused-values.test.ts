import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPool, TaskCloneError, type Pool } from '../../../lib/entries/core.js';
import { PLACES } from '../../fixtures/values/places.js';
import { prepare, REFUSED, release, type RefusedKind } from '../../fixtures/values/refused.js';

const tasks = new URL('../../fixtures/values/refusals.js', import.meta.url);
/** JavaScript reads `then` of what a function returns, before anybody could send it. */
const READ_BEFORE_SENT: Readonly<Record<string, unknown>> = {
  'a `Promise`': { status: 'fulfilled', value: 1 },
  'a revoked `Proxy`': { status: 'rejected', reason: expect.any(TypeError) },
};

let pool: Pool;
let thread: unknown;

beforeAll(async () => {
  await prepare();
  pool = createPool({ name: 'values', tasks, size: { max: 1 }, scaling: false });
  thread = await pool.run('take');
});
afterAll(async () => {
  await pool.close({ force: true });
  await release();
});

/** It was refused by its path, and the same thread serves the next task. */
async function expectRefusal(call: Promise<unknown>, root: string, { inside = '' }: RefusedKind): Promise<void> {
  const error = (await call.then(
    (value) => Promise.reject(new Error(`it came as ${String(value)}`)),
    (thrown: unknown) => thrown,
  )) as TaskCloneError;
  expect(error).toBeInstanceOf(TaskCloneError);
  expect(error).toMatchObject({ code: 'TASK_CLONE', pool: 'values' });
  if (typeof inside === 'string') expect(error.path).toBe(root + inside);
  else {
    expect(error.path.slice(0, root.length)).toBe(root);
    expect(error.path.slice(root.length)).toMatch(inside);
  }
  expect(error.message).toContain(`pool 'values', task '`);
  // Of a result that could have been streamed it says how.
  if (!/its result is a stream, .* Call stream\(\) for it/.test(error.message)) {
    expect(error.message).toContain(`: ${error.path} is `);
  }
  expect(await pool.run('take')).toBe(thread);
}

const kinds = Object.entries(REFUSED);
const places = Object.entries(PLACES);

describe('values that cannot cross (U8, P9)', () => {
  it('are more than 20 kinds', () => {
    expect(kinds.length).toBeGreaterThanOrEqual(20);
  });

  it.each(kinds)('%s is refused in an argument, wherever it sits', async (_, kind) => {
    for (const [, { hold, path }] of places) {
      await expectRefusal(pool.run('take', [0, hold(kind.make())]), `args[1]${path}`, kind);
    }
  });

  it.each(kinds)('%s is refused in a result, wherever it sits', async (name, kind) => {
    for (const [where, { path }] of places) {
      if (path === '' && name in READ_BEFORE_SENT) continue;
      await expectRefusal(pool.run('give', [name, where]), `result${path}`, kind);
      await expectRefusal(pool.run('giveAtOnce', [name, where]), `result${path}`, kind);
    }
  });

  it.each(['an async generator object', 'a web stream that is not transferred', 'a socket'])(
    '%s as the result itself is refused with the way to stream it (P11)',
    async (name) => {
      await expect(pool.run('give', [name, 'the value itself'])).rejects.toThrow(
        /its result is a stream, .* Call stream\(\)/,
      );
      expect(await pool.run('take')).toBe(thread);
    },
  );

  it.each(Object.entries(READ_BEFORE_SENT))('%s as the result itself is awaited, as by anybody', async (name, end) => {
    for (const task of ['give', 'giveAtOnce']) {
      expect(await Promise.allSettled([pool.run(task, [name, 'the value itself'])])).toEqual([end]);
    }
    expect(await pool.run('take')).toBe(thread);
  });

  it.each(kinds)('%s is refused in what is thrown, unless that is an error', async (name, kind) => {
    for (const [where, { path }] of places) {
      if (where !== 'the cause of an error') {
        await expectRefusal(pool.run('raise', [name, where]), `thrown${path}`, kind);
      }
    }
  });

  it.each(kinds)('%s is left out of an error: that matters more than what it cannot bring along', async (name) => {
    for (const [where] of places) {
      const error = (await pool.run('fail', [name, where]).catch((thrown: unknown) => thrown)) as RangeError;
      expect(error).toBeInstanceOf(RangeError);
      expect(error).toMatchObject({ message: 'odd', code: 'E_ODD' });
      const left = [error.cause, (error as { detail?: unknown }).detail];
      // Of errors in it the same holds.
      if (where === 'the cause of an error')
        expect(left.map((each) => (each as Error).cause)).toEqual([undefined, undefined]);
      else expect(left).toEqual([undefined, undefined]);
      expect(await pool.run('take')).toBe(thread);
    }
  });

  it('cost the pool no worker', () => {
    expect(pool.snapshot().counters).toMatchObject({ crashes: 0, cancelled: 0, dropped: 0 });
    expect(pool.snapshot().live).toBe(1);
  });
});
