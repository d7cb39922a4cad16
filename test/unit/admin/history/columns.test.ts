import { expect, test } from 'vitest';
import { Columns } from '../../../../lib/admin/history/columns.js';

test('keeps the latest rows, oldest first', () => {
  const columns = new Columns(['a', 'b'], 3);
  expect([columns.length, columns.latest('a')]).toEqual([0, []]);
  for (let row = 1; row <= 5; row++) columns.add({ a: row, b: -row });
  expect([columns.length, columns.latest('a'), columns.latest('b', 2), columns.latest('a', 9)]).toEqual([
    3,
    [3, 4, 5],
    [-4, -5],
    [3, 4, 5],
  ]);
});
