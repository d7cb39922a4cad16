import { expect, test } from 'vitest';
import { EventRing } from '../../../../lib/admin/live/event-ring.js';

function ring(seqs: Iterable<number>, maxEvents = 3, maxBytes = 1_000) {
  const made = new EventRing(maxEvents, maxBytes);
  for (const seq of seqs) made.add(seq, Buffer.from(`${seq} `));
  return { after: (seq: number) => told(made.after(seq)), made };
}

function told(answer: ReturnType<EventRing['after']>): unknown {
  return Array.isArray(answer) ? Buffer.concat(answer).toString() : answer;
}

test.each<[number, unknown]>([
  [9, ''],
  [7, '9 '],
  [8, '9 '],
  [4, '5 7 9 '],
  [3, '5 7 9 '],
  [2, { missed: 4 }],
  [0, { missed: 5 }],
])('after %d, of events 2 3 5 7 9 of which three are kept, comes %o', (seq, expected) => {
  expect(ring([2, 3, 5, 7, 9]).after(seq)).toEqual(expected);
});

test('keeps no more bytes than it may', () => {
  const { after, made } = ring([1, 2, 3, 4], 10, 5);
  expect([made.bytes, after(2), after(1)]).toEqual([4, '3 4 ', { missed: 3 }]);
});

test('an event too large to keep is missed, not kept', () => {
  const { after, made } = ring([1_000_000], 10, 5);
  expect([made.bytes, after(1)]).toEqual([0, { missed: 1 }]);
});

test('after very many events it still tells how many were missed, and later that nobody knows', () => {
  const { after } = ring(Array.from({ length: 40_000 }, (_, index) => index + 1));
  expect([after(39_000), after(1), after(40_000)]).toEqual([{ missed: 1_000 }, { missed: null }, '']);
});

test('nothing was missed where nothing has happened', () => {
  expect(ring([]).after(0)).toBe('');
});
