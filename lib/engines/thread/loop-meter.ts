import type { Worker } from 'node:worker_threads';

/** Shorter spans than this, in milliseconds, say nothing; the last value stands. */
const SPAN_MS = 250;

/** How busy a thread's event loop was since it was last asked: 0..1. */
export class LoopMeter {
  #idle = 0;
  #active = 0;
  #utilization = 0;

  constructor(readonly worker: Worker) {}

  utilization(): number {
    const { idle, active } = this.worker.performance.eventLoopUtilization();
    const [idled, worked] = [idle - this.#idle, active - this.#active];
    if (idled + worked < SPAN_MS) return this.#utilization;
    this.#utilization = Math.min(1, Math.max(0, worked / (idled + worked)));
    [this.#idle, this.#active] = [idle, active];
    return this.#utilization;
  }
}
