import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FairQueue } from '../../../../lib/core/queue/fair-queue.js';
import { PriorityQueue } from '../../../../lib/core/queue/priority-queue.js';

class Item {
  queuePrevious: Item | null = null;
  queueNext: Item | null = null;
  arrivalPrevious: Item | null = null;
  arrivalNext: Item | null = null;

  constructor(
    readonly id: number,
    readonly priority = 0,
    readonly tenant = '',
  ) {}
}

function takeOut(queue: { shift(): Item | null }): Item[] {
  const items: Item[] = [];
  for (let item = queue.shift(); item; item = queue.shift()) items.push(item);
  return items;
}

type Queue = Pick<PriorityQueue<Item>, 'push' | 'shift' | 'unshift'>;

function takeAll(queue: { shift(): Item | null }): number[] {
  return takeOut(queue).map((item) => item.id);
}

/** What is left of a queue after some picks, and what would have been left of it if more had been taken and put back. */
function undone(make: () => Queue, items: readonly Item[], picks: number, more: number): [number[], number[]] {
  const [straight, detour] = [make(), make()];
  for (const queue of [straight, detour]) {
    for (const { id, priority, tenant } of items) queue.push(new Item(id, priority, tenant));
    for (let pick = 0; pick < picks; pick++) queue.shift();
  }
  const taken = Array.from({ length: more }, () => detour.shift()).filter((item) => item !== null);
  for (const item of taken.reverse()) detour.unshift(item);
  return [takeAll(detour), takeAll(straight)];
}

const someItems = fc
  .array(fc.record({ priority: fc.constantFrom(0, 3, 15), tenant: fc.constantFrom('a', 'b', 'c', 'd') }), {
    maxLength: 40,
  })
  .map((items) => items.map(({ priority, tenant }, id) => new Item(id, priority, tenant)));

describe('the priority queue', () => {
  it('takes the highest priority first, and within one the oldest', () => {
    const queue = new PriorityQueue<Item>();
    [
      [1, 0],
      [2, 15],
      [3, 7],
      [4, 15],
    ].forEach(([id, priority]) => queue.push(new Item(id!, priority)));
    expect(queue.oldest()!.id).toBe(1);
    expect(takeAll(queue)).toEqual([2, 4, 3, 1]);
    expect(queue.size).toBe(0);
    expect(queue.peek()).toBeNull();
  });

  it('gives every eighth pick to the longest wait, so that nothing starves', () => {
    const queue = new PriorityQueue<Item>();
    queue.push(new Item(0, 0));
    for (let id = 1; id <= 20; id++) queue.push(new Item(id, 15));
    expect(takeAll(queue).indexOf(0)).toBe(7);
  });

  it('gives up any item, and takes one back in front', () => {
    const queue = new PriorityQueue<Item>();
    const items = [new Item(1, 3), new Item(2, 3), new Item(3, 9)];
    for (const item of items) queue.push(item);
    queue.remove(items[2]!);
    queue.remove(items[0]!);
    queue.unshift(items[0]!);
    expect([...queue].map((item) => item.id)).toEqual([1, 2]);
    expect(takeAll(queue)).toEqual([1, 2]);
  });

  it('goes on as if nothing had been taken when it is put back, the ageing included', () => {
    fc.assert(
      fc.property(someItems, fc.nat(20), fc.nat(40), (items, picks, more) => {
        const [detour, straight] = undone(() => new PriorityQueue<Item>(), items, picks, more);
        expect(detour).toEqual(straight);
      }),
    );
  });
});

describe('the fair queue', () => {
  it('takes turns among tenants, however many tasks one of them has (C4)', () => {
    const queue = new FairQueue<Item>();
    for (let id = 1; id <= 4; id++) queue.push(new Item(id, 0, 'a'));
    queue.push(new Item(5, 0, 'b'));
    queue.push(new Item(6, 0, 'b'));
    queue.push(new Item(7, 0, 'c'));
    expect(takeAll(queue)).toEqual([1, 5, 7, 2, 6, 3, 4]);
  });

  it.each([
    [{ a: 3 }, [30, 10]],
    [{ a: 2, b: 0.5 }, [32, 8]],
    [{}, [20, 20]],
  ])('serves by weight: %j', (weights, expected) => {
    const queue = new FairQueue<Item>(weights);
    for (let id = 0; id < 200; id++) queue.push(new Item(id, 0, id % 2 === 0 ? 'a' : 'b'));
    const first = Array.from({ length: 40 }, () => queue.shift()!.tenant);
    expect([first.filter((tenant) => tenant === 'a').length, first.filter((tenant) => tenant === 'b').length]).toEqual(
      expected,
    );
  });

  it('gives up any item, forgets tenants without items, and takes one back in front', () => {
    const queue = new FairQueue<Item>();
    const items = [new Item(1, 0, 'a'), new Item(2, 0, 'b'), new Item(3, 0, 'b')];
    for (const item of items) queue.push(item);
    queue.remove(items[0]!);
    expect(queue.oldest()!.id).toBe(2);
    const taken = queue.shift()!;
    queue.unshift(taken);
    expect(takeAll(queue)).toEqual([2, 3]);
    expect(queue.size).toBe(0);
    expect(queue.oldest()).toBeNull();
  });

  it('knows its oldest task, in whatever order tasks come back', () => {
    const queue = new FairQueue<Item>();
    for (const [id, tenant] of ['a', 'b', 'c', 'a'].entries()) queue.push(new Item(id, 0, tenant));
    const [first, second, third] = [queue.shift()!, queue.shift()!, queue.shift()!];
    for (const item of [second, first, third]) queue.unshift(item);
    for (const id of [0, 1, 2, 3]) {
      const oldest = queue.oldest()!;
      expect(oldest.id).toBe(id);
      queue.remove(oldest);
    }
    expect(queue.oldest()).toBeNull();
  });

  it('knows its oldest task under any sequence of operations', () => {
    const operation = fc.record({
      kind: fc.constantFrom('push' as const, 'shift' as const, 'put back' as const, 'remove' as const),
      index: fc.nat(50),
    });
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 80 }), (operations) => {
        const queue = new FairQueue<Item>({ a: 3 });
        const out: Item[] = [];
        let id = 0;
        for (const { kind, index } of operations) {
          const waiting = [...queue];
          if (kind === 'push') queue.push(new Item(id++, 0, 'abcd'[index % 4]!));
          else if (kind === 'shift') out.push(...[queue.shift()].filter((item) => item !== null));
          else if (kind === 'put back') out.splice(index % (out.length || 1), 1).forEach((item) => queue.unshift(item));
          else if (waiting.length > 0) queue.remove(waiting[index % waiting.length]!);
          const ids = [...queue].map((item) => item.id);
          expect(queue.oldest()?.id ?? Infinity).toBe(Math.min(...ids));
          expect(ids.length).toBe(queue.size);
        }
        for (const item of takeOut(queue)) {
          expect(item).toMatchObject({
            queuePrevious: null,
            queueNext: null,
            arrivalPrevious: null,
            arrivalNext: null,
          });
        }
        expect(queue.oldest()).toBeNull();
      }),
    );
  });

  it('goes on as if nothing had been taken when it is put back', () => {
    fc.assert(
      fc.property(someItems, fc.nat(20), fc.nat(40), (items, picks, more) => {
        const [detour, straight] = undone(() => new FairQueue<Item>(), items, picks, more);
        expect(detour).toEqual(straight);
      }),
    );
  });

  it.each<Record<string, number>>([{ a: 3 }, { a: 2.5, b: 0.5 }, { a: 7, b: 7 }])(
    'does so by weight, where no tenant ran out: %j',
    (weights) => {
      for (let picks = 0; picks < 20; picks++) {
        for (let more = 0; more < 50; more++) {
          const items = Array.from({ length: 400 }, (_, id) => new Item(id, 0, 'abcd'[id % 4]));
          const [detour, straight] = undone(() => new FairQueue<Item>(weights), items, picks, more);
          expect(detour).toEqual(straight);
        }
      }
    },
  );

  it('lets no tenant gain or owe more than a turn, however often its tasks are put back', () => {
    const queue = new FairQueue<Item>({ a: 3 });
    let id = 0;
    for (const tenant of 'abababab') queue.push(new Item(id++, 0, tenant));
    for (let round = 0; round < 50; round++) {
      const taken = Array.from({ length: 8 }, () => queue.shift()!);
      for (const item of taken.reverse()) queue.unshift(item);
    }
    while (id < 80) queue.push(new Item(id, 0, 'ab'[id++ % 2]));
    const first = Array.from({ length: 40 }, () => queue.shift()!.tenant);
    const ofA = first.filter((tenant) => tenant === 'a').length;
    expect(ofA).toBeGreaterThanOrEqual(28);
    expect(ofA).toBeLessThanOrEqual(33);
  });
});
