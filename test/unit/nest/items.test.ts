import { describe, expect, it } from 'vitest';
import { pushItems } from '../../../lib/nest/items.js';

/** Yields numbers for as long as it is asked, and tells whether it was left. */
function numbers() {
  const seen = { left: 0 };
  async function* generate(): AsyncGenerator<number> {
    try {
      for (let n = 0; ; n++) yield n;
    } finally {
      seen.left++;
    }
  }
  return { seen, items: generate() };
}

describe('items that are pushed (P11)', () => {
  it('are left once by an observer that unsubscribes, from within next() too', async () => {
    const { seen, items } = numbers();
    const heard: unknown[] = [];
    await new Promise<void>((resolve) => {
      const stop = pushItems(items, {
        next: (n) => {
          heard.push(n);
          if (n !== 2) return;
          stop();
          stop();
          resolve();
        },
        error: (error) => heard.push(error),
        complete: () => heard.push('complete'),
      });
    });
    expect(await items.next()).toEqual({ done: true, value: undefined });
    expect([heard, seen.left]).toEqual([[0, 1, 2], 1]);
  });

  it('are left by an observer that throws, which hears of it', async () => {
    const { seen, items } = numbers();
    const failure = new Error('mine');
    const error = await new Promise((resolve) => {
      pushItems(items, {
        next: () => {
          throw failure;
        },
        error: resolve,
        complete: () => resolve('complete'),
      });
    });
    expect(error).toBe(failure);
    expect(await items.next()).toEqual({ done: true, value: undefined });
    expect(seen.left).toBe(1);
  });
});
