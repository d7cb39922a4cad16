import { expect, test, vi } from 'vitest';
import { within } from '../../../lib/admin/http/within.js';

const late = () => vi.fn<(error: unknown) => void>();

test('what is kept in time is true, what is not is false, what fails in time is thrown', async () => {
  const onLate = late();
  expect(await within(1_000, Promise.resolve(), onLate)).toBe(true);
  expect(await within(1, new Promise(() => undefined), onLate)).toBe(false);
  await expect(within(1_000, Promise.reject(new Error('no')), onLate)).rejects.toThrow('no');
  expect(onLate).not.toHaveBeenCalled();
});

test('what fails later is told, and is no unhandled rejection', async () => {
  const onLate = late();
  let reject!: (error: Error) => void;
  const promise = new Promise<void>((_, fail) => (reject = fail));
  expect(await within(1, promise, onLate)).toBe(false);
  reject(new Error('too late'));
  await vi.waitFor(() => expect(onLate).toHaveBeenCalledWith(new Error('too late')));
});

test('its timer is gone when the promise was kept', async () => {
  vi.useFakeTimers();
  await within(60_000, Promise.resolve(), late());
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});
