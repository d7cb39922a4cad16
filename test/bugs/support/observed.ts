import { settleMicrotasks } from '../../support/virtual-clock.js';

export interface Observed {
  state: 'pending' | 'fulfilled' | 'rejected';
  value: unknown;
}

/** Where a promise stands, live: a test of something that hangs says so at once, and need not wait for a time-out. */
export function observe(promise: Promise<unknown>): Observed {
  const observed: Observed = { state: 'pending', value: undefined };
  promise.then(
    (value) => Object.assign(observed, { state: 'fulfilled', value }),
    (value: unknown) => Object.assign(observed, { state: 'rejected', value }),
  );
  return observed;
}

/** Where promises stand once everything has happened that needs no time. */
export async function statesOf(...promises: Promise<unknown>[]): Promise<Observed['state'][]> {
  const observed = promises.map((promise) => observe(promise));
  await settleMicrotasks();
  return observed.map(({ state }) => state);
}
