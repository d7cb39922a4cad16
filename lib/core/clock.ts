/** A timer that can be called off. */
export interface Timer {
  cancel(): void;
}

/** Time as the pool sees it; a virtual one makes tests exact. Milliseconds throughout. */
export interface Clock {
  /** Monotonic time. */
  now(): number;
  /** Calls `callback` once after `ms`. A timer with `keepAlive` holds the process open. */
  schedule(ms: number, callback: () => void, options?: { keepAlive?: boolean }): Timer;
  /** Calls `callback` every `ms`, by one timer that holds no process open. */
  every(ms: number, callback: () => void): Timer;
}

/** Longest delay `setTimeout` takes; a longer one would fire at once. */
export const LONGEST_DELAY_MS = 2 ** 31 - 1;

/** The process's own clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  schedule(ms, callback, options) {
    const timer = setTimeout(callback, Math.min(ms, LONGEST_DELAY_MS));
    if (!options?.keepAlive) timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
  every(ms, callback) {
    const timer = setInterval(callback, Math.min(ms, LONGEST_DELAY_MS)).unref();
    return { cancel: () => clearInterval(timer) };
  },
};
