import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EngineTask } from '../../../../lib/core/engine.js';
import { NONE, SlotBook } from '../../../../lib/engines/thread/slot-book.js';

function taskOf(id: number): EngineTask {
  return {
    id,
    name: 'work',
    args: [],
    transfer: undefined,
    signalArgs: [],
    slot: NONE,
    attempt: 1,
    context: undefined,
    answer: 'value',
  };
}

/** The slots in use, in the order in which they were taken. */
function slotsOf(book: SlotBook): number[] {
  const slots: number[] = [];
  for (let slot = book.first; slot !== NONE; slot = book.after(slot)) slots.push(slot);
  return slots;
}

describe('the book of slots', () => {
  it('gives each task a slot of its own, and notes it with the task', () => {
    const book = new SlotBook(3);
    const tasks = [1, 2, 3].map(taskOf);
    const slots = tasks.map((task) => book.take(task));
    expect(new Set(slots)).toEqual(new Set([0, 1, 2]));
    expect(tasks.map((task) => task.slot)).toEqual(slots);
    expect(tasks.map((task) => book.slotOf(task))).toEqual(slots);
    expect(slots.map((slot) => book.taskIn(slot))).toEqual(tasks);
    expect(slotsOf(book)).toEqual(slots);
    expect([book.room, book.isEmpty]).toEqual([0, false]);
  });

  it('is empty at first', () => {
    const book = new SlotBook(2);
    expect([book.room, book.isEmpty, book.first]).toEqual([2, true, NONE]);
    expect(book.slotOf(taskOf(1))).toBe(NONE);
    expect(book.taskIn(0)).toBeNull();
  });

  it('keeps the place of a task that was taken back, until it is freed', () => {
    const book = new SlotBook(2);
    const task = taskOf(1);
    const slot = book.take(task);
    book.vacate(slot);
    expect([book.slotOf(task), book.taskIn(slot), book.room, book.isEmpty]).toEqual([NONE, null, 1, false]);
    expect(slotsOf(book)).toEqual([slot]);
    book.free(slot);
    expect([book.room, book.isEmpty]).toEqual([2, true]);
  });

  it('takes the same task again while its old place is still taken', () => {
    const book = new SlotBook(2);
    const task = taskOf(1);
    const old = book.take(task);
    book.vacate(old);
    const slot = book.take(task);
    expect(slot).not.toBe(old);
    expect(book.slotOf(task)).toBe(slot);
    book.free(old);
    expect(book.slotOf(task)).toBe(slot);
    expect(slotsOf(book)).toEqual([slot]);
  });

  it('knows nothing of a task that is in a slot of another worker', () => {
    const [here, there] = [new SlotBook(2), new SlotBook(2)];
    const task = taskOf(1);
    there.take(task);
    here.take(taskOf(2));
    expect(here.slotOf(task)).toBe(NONE);
    expect(there.slotOf(task)).toBe(task.slot);
  });

  it('keeps the order in which slots were taken under any sequence of operations', () => {
    const operation = fc.record({
      kind: fc.constantFrom('take' as const, 'vacate' as const, 'free' as const),
      index: fc.nat(9),
    });
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
        const book = new SlotBook(5);
        const model: { slot: number; task: EngineTask | null }[] = [];
        let id = 0;
        for (const { kind, index } of operations) {
          const entry = model[index % Math.max(1, model.length)];
          if (kind === 'take' && book.room > 0) {
            const task = taskOf(id++);
            model.push({ slot: book.take(task), task });
          } else if (kind === 'vacate' && entry) {
            book.vacate(entry.slot);
            entry.task = null;
          } else if (kind === 'free' && entry) {
            book.free(entry.slot);
            model.splice(model.indexOf(entry), 1);
          }
          expect(slotsOf(book)).toEqual(model.map(({ slot }) => slot));
          expect(model.map(({ slot }) => book.taskIn(slot))).toEqual(model.map(({ task }) => task));
          expect(book.room).toBe(5 - model.length);
          expect(new Set(model.map(({ slot }) => slot)).size).toBe(model.length);
        }
      }),
    );
  });
});
