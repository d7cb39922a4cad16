import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, it } from 'vitest';
import { AlsCarrier } from '../../../lib/adapters/als-carrier.js';
import { captureFrom } from '../../../lib/engines/context/capture.js';
import { surroundings } from '../../../lib/engines/context/surroundings.js';

const about = { pool: 'p', task: 't', workerId: 1, attempt: 1 };

describe('a carrier of an AsyncLocalStorage (U8)', () => {
  it('captures nothing outside of a store', () => {
    const carrier = new (AlsCarrier(new AsyncLocalStorage<string>()))();
    expect(carrier.capture()).toBeUndefined();
    expect(carrier.correlationId?.()).toBeUndefined();
  });

  it.each([
    ['a plain object', { a: 1 }],
    ['a Map', new Map([['a', 1]])],
  ])('captures a copy of %s', (_, store) => {
    const storage = new AsyncLocalStorage<object>();
    const carrier = new (AlsCarrier(storage))();
    const captured = storage.run(store, () => carrier.capture());
    expect(captured).toEqual(store);
    expect(captured).not.toBe(store);
  });

  it('picks what goes along, and restores a store from it', () => {
    const storage = new AsyncLocalStorage<{ id: string; socket: unknown }>();
    const options = {
      pick: ({ id }: { id: string }) => id,
      restore: (id: string) => ({ id, socket: null }),
      correlationId: ({ id }: { id: string }) => `#${id}`,
    };
    const carrier = new (AlsCarrier(storage, options))();
    const captured = storage.run({ id: 'x', socket: process.stdout }, () => carrier.capture())!;
    expect(captured).toBe('x');
    expect(carrier.run(captured, () => [storage.getStore(), carrier.correlationId!()], about)).toEqual([
      { id: 'x', socket: null },
      '#x',
    ]);
  });
});

describe('what carriers captured (U8)', () => {
  it('is nothing where none captured anything, so that the call is sent like any other', () => {
    const storage = new AsyncLocalStorage<string>();
    const carriers = [{ name: 'A', carrier: new (AlsCarrier(storage))() }];
    const capture = captureFrom('p', () => carriers);
    expect(capture()).toBeUndefined();
    expect(storage.run('s', capture)).toEqual({ A: 's' });
  });

  it('of a carrier that a worker does not know fails the task; ids that cannot be told are left out', () => {
    const broken = {
      capture: () => 1,
      run: <R>(_: unknown, task: () => R) => task(),
      correlationId() {
        throw new Error('no id');
      },
    };
    const { around, correlationIds } = surroundings([{ name: 'Broken', carrier: broken }], () => about);
    expect(() => around({ Stranger: 1 }, () => 1)).toThrow(
      "pool 'p', task 't': the carrier Stranger is not known in its worker.",
    );
    expect(around({ Broken: 1 }, () => 7)).toBe(7);
    expect(correlationIds()).toEqual([]);
  });
});
