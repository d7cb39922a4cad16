/** A promise under observation; watching it also keeps its rejection from being unhandled. */
export interface Watched<T = unknown> {
  state: 'pending' | 'resolved' | 'rejected';
  value: T | undefined;
  error: unknown;
  /** How often it settled, 0 or 1. */
  settlements: number;
}

export function watch<T>(promise: Promise<T>): Watched<T> {
  const watched: Watched<T> = { state: 'pending', value: undefined, error: undefined, settlements: 0 };
  promise.then(
    (value) => Object.assign(watched, { state: 'resolved', value, settlements: watched.settlements + 1 }),
    (error: unknown) => Object.assign(watched, { state: 'rejected', error, settlements: watched.settlements + 1 }),
  );
  return watched;
}

/** What a promise rejects with; an error where it does not. */
export async function rejectionOf<E extends Error = Error>(promise: Promise<unknown>): Promise<E> {
  return promise.then(
    (value) => {
      throw new Error(`resolved with ${String(value)}, but was to reject`);
    },
    (error: unknown) => error as E,
  );
}

/** Acts again and again until a condition holds; an error where that does not come, since virtual time never times out. */
export async function actUntil(isMet: () => boolean, act: () => Promise<void> | void): Promise<void> {
  for (let round = 0; !isMet(); round++) {
    if (round === 1_000) throw new Error('what was waited for did not come within 1,000 rounds');
    await act();
  }
}
