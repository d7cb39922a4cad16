import { expect, test } from 'vitest';
import { errorName, FailureLog } from '../../../../lib/admin/history/failure-log.js';
import { PoolFullError } from '../../../../lib/core/errors.js';

class CardDeclined extends Error {}

test('groups by task and kind of error, the most frequent first', () => {
  const log = new FailureLog();
  log.add('charge', new CardDeclined('card 4111 1111'), 1);
  log.add('resize', new TypeError('x'), 2);
  log.add('charge', new CardDeclined('card 4222 2222'), 3);
  log.add('charge', new TypeError('y'), 4);
  expect(log.groups()).toEqual([
    { task: 'charge', error: 'CardDeclined', count: 2, lastAt: 3 },
    { task: 'charge', error: 'TypeError', count: 1, lastAt: 4 },
    { task: 'resize', error: 'TypeError', count: 1, lastAt: 2 },
  ]);
  expect(JSON.stringify(log.groups())).not.toMatch(/card|4111/);
});

test('holds 100 groups at most, and counts the rest together', () => {
  const log = new FailureLog();
  for (let task = 0; task < 500; task++) log.add(`task-${task}`, new Error('x'), task);
  log.add('task-0', new Error('x'), 600);
  const groups = log.groups();
  expect(groups).toHaveLength(100);
  expect(groups[0]).toEqual({ task: 'other', error: 'other', count: 401, lastAt: 499 });
  expect(groups[1]).toEqual({ task: 'task-0', error: 'Error', count: 2, lastAt: 600 });
});

test.each<[string, unknown, string]>([
  ['a class that sets no name', new CardDeclined('x'), 'CardDeclined'],
  [
    'an error of another thread, which has only its name',
    Object.assign(new Error('x'), { name: 'CardDeclined' }),
    'CardDeclined',
  ],
  ['a PoolError', new PoolFullError('x', { pool: 'p', retryAfterMs: 1 }), 'POOL_FULL'],
  ['a text', 'card 4111', 'string'],
  ['nothing', undefined, 'undefined'],
  ['null', null, 'null'],
  ['an endless name', Object.assign(new Error('x'), { name: 'x'.repeat(10_000) }), 'x'.repeat(200)],
  ['a name that is none', Object.assign(new Error('x'), { name: 5 }), 'Error'],
  [
    'an error that cannot be looked at',
    Object.defineProperty(new Error('x'), 'name', {
      get: () => {
        throw new Error('no');
      },
    }),
    'Error',
  ],
])('%s is told by its name', (_, thrown, name) => {
  expect(errorName(thrown)).toBe(name);
});
