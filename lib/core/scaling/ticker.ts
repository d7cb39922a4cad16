import { systemClock, type Clock, type Timer } from '../clock.js';

/** What makes an autoscaler tick: one timer, set once. */
export interface Ticker {
  /** Whether it still calls back; somebody else may have stopped it. */
  readonly isRunning: boolean;
  /** Calls back every so many milliseconds from now on, in place of what was before. */
  start(everyMs: number, tick: () => void): void;
  stop(): void;
}

/** A timer of the clock's; it holds no process open. */
export class ClockTicker implements Ticker {
  #timer: Timer | null = null;

  constructor(readonly clock: Clock = systemClock) {}

  get isRunning(): boolean {
    return this.#timer !== null;
  }

  start(everyMs: number, tick: () => void): void {
    this.stop();
    this.#timer = this.clock.every(everyMs, tick);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }
}
