import type { SizeChange } from './simulation-result.js';

/**
 * The workers of a simulated pool, as `Crew` keeps them: a grow starts workers, which are live `spawnDelayMs` later; a
 * shrink cancels starting ones first, the youngest of them first, then lets idle ones go, and what is left over leaves as
 * soon as it has ended its task, unless the pool has grown again by then. All are alike, so that they are only counted.
 */
export class SimulatedCrew {
  /** When each starting worker will be live, ascending. */
  readonly #starting: number[] = [];
  readonly sizes: SizeChange[] = [];
  #live: number;
  #busy = 0;
  #target: number;
  #workerMs = 0;
  #since = 0;

  constructor(
    initial: number,
    readonly spawnDelayMs: number,
  ) {
    this.#live = this.#target = initial;
    this.#note(0);
  }

  get target(): number {
    return this.#target;
  }

  get starting(): number {
    return this.#starting.length;
  }

  get live(): number {
    return this.#live;
  }

  get busy(): number {
    return this.#busy;
  }

  get size(): number {
    return this.#starting.length + this.#live;
  }

  get hasIdle(): boolean {
    return this.#live > this.#busy;
  }

  /** When the next worker will be live; `Infinity` while none starts. */
  get nextReady(): number {
    return this.#starting[0] ?? Infinity;
  }

  resize(target: number, now: number): void {
    this.#spend(now);
    this.#target = target;
    while (this.size < target) this.#starting.push(now + this.spawnDelayMs);
    while (this.size > target && this.#starting.length > 0) this.#starting.pop();
    this.#live = Math.max(this.#busy, Math.min(this.#live, target - this.#starting.length));
    this.#note(now);
  }

  /** The worker that is due becomes live. */
  ready(): void {
    this.#starting.shift();
    this.#live++;
  }

  /** An idle worker takes a task. */
  occupy(): void {
    this.#busy++;
  }

  /** A worker has ended its task: it is idle, or leaves. */
  free(now: number): void {
    this.#busy--;
    if (this.size <= this.#target) return;
    this.#spend(now);
    this.#live--;
    this.#note(now);
  }

  /** What all workers have cost until now, milliseconds. */
  workerMs(now: number): number {
    this.#spend(now);
    return this.#workerMs;
  }

  #spend(now: number): void {
    this.#workerMs += this.size * (now - this.#since);
    this.#since = now;
  }

  #note(at: number): void {
    const change = { at, size: this.size, target: this.#target };
    if (this.sizes.at(-1)?.at === at) this.sizes.pop();
    this.sizes.push(change);
  }
}
