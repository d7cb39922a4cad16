import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FifoQueue } from '../../../../lib/core/queue/fifo-queue.js';
import type { QueueNode } from '../../../../lib/core/queue/task-queue.js';

class Item implements QueueNode<Item> {
  queuePrevious: Item | null = null;
  queueNext: Item | null = null;
  constructor(readonly id: number) {}
}

function drained(queue: FifoQueue<Item>): number[] {
  const ids: number[] = [];
  for (let item = queue.shift(); item; item = queue.shift()) ids.push(item.id);
  return ids;
}

describe('the queue', () => {
  it('is first in, first out', () => {
    const queue = new FifoQueue<Item>();
    for (const id of [1, 2, 3]) queue.push(new Item(id));
    expect(queue.peek()?.id).toBe(1);
    expect(queue.size).toBe(3);
    expect(drained(queue)).toEqual([1, 2, 3]);
  });

  it('has nothing to give when empty', () => {
    const queue = new FifoQueue<Item>();
    expect([queue.peek(), queue.shift(), queue.size]).toEqual([null, null, 0]);
  });

  it('takes an item back in front', () => {
    const queue = new FifoQueue<Item>();
    queue.push(new Item(1));
    queue.unshift(new Item(0));
    expect(drained(queue)).toEqual([0, 1]);
  });

  it('lets go of an item without holding on to its neighbours', () => {
    const queue = new FifoQueue<Item>();
    const items = [1, 2, 3].map((id) => new Item(id));
    for (const item of items) queue.push(item);
    queue.remove(items[1]!);
    expect(items[1]).toMatchObject({ queuePrevious: null, queueNext: null });
    expect(drained(queue)).toEqual([1, 3]);
  });

  it('behaves like an array under any sequence of operations', () => {
    const operation = fc.record({
      kind: fc.constantFrom('push' as const, 'unshift' as const, 'shift' as const, 'remove' as const),
      index: fc.nat(20),
    });
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
        const queue = new FifoQueue<Item>();
        const model: Item[] = [];
        let id = 0;
        for (const { kind, index } of operations) {
          if (kind === 'push' || kind === 'unshift') {
            const item = new Item(id++);
            queue[kind](item);
            model[kind](item);
          } else if (kind === 'shift') {
            expect(queue.shift()).toBe(model.shift() ?? null);
          } else if (model.length > 0) {
            const [item] = model.splice(index % model.length, 1);
            queue.remove(item!);
          }
          expect(queue.size).toBe(model.length);
          expect(queue.peek()).toBe(model[0] ?? null);
        }
        expect(drained(queue)).toEqual(model.map((item) => item.id));
      }),
    );
  });
});
