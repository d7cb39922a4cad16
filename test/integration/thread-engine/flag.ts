import { expect, vi } from 'vitest';

/** Shared memory whose first word a task sets to 1 once it really runs; the event `started` only says that it was sent. */
export function flag() {
  const memory = new SharedArrayBuffer(8);
  const words = new Int32Array(memory);
  const becomes = (word: number, value: number) =>
    vi.waitFor(() => expect(Atomics.load(words, word)).toBe(value), { timeout: 10_000, interval: 2 });
  return { memory, becomes, isUp: () => becomes(0, 1) };
}
