interface Waiter {
  readonly isMet: () => boolean;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** Promises for a state of the pool that is yet to come. */
export class Waiters {
  #waiters: Waiter[] = [];

  get size(): number {
    return this.#waiters.length;
  }

  /** Resolves when `isMet` holds at a check, at once if it holds already. */
  until(isMet: () => boolean): Promise<void> {
    if (isMet()) return Promise.resolve();
    const met = new Promise<void>((resolve, reject) => this.#waiters.push({ isMet, resolve, reject }));
    // A later call may overtake what is waited for (`close()`, `resume()`); where nobody listens, that is no failure.
    met.catch(() => undefined);
    return met;
  }

  check(): void {
    if (this.#waiters.length === 0) return;
    const met = this.#waiters.filter((waiter) => waiter.isMet());
    if (met.length === 0) return;
    this.#waiters = this.#waiters.filter((waiter) => !met.includes(waiter));
    for (const waiter of met) waiter.resolve();
  }

  rejectAll(reason: unknown): void {
    const all = this.#waiters;
    this.#waiters = [];
    for (const waiter of all) waiter.reject(reason);
  }
}
