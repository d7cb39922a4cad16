import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { PoolAutoscaler } from '../../lib/core/scaling/autoscaler.js';
import type { Decision } from '../../lib/core/scaling/contract.js';
import { resolveScaling } from '../../lib/core/scaling/resolve-scaling.js';
import { createAutoscaler } from '../../lib/entries/create.js';
import { autoscale as autoscaleLimiter, type Limiter } from '../fixtures/docs/limiter.js';
import { autoscale, PiscinaPort } from '../fixtures/docs/piscina.js';
import { VirtualClock } from '../support/virtual-clock.js';

const GATED = fileURLToPath(new URL('../fixtures/tasks/gated.js', import.meta.url));

/** A Piscina of 1 to 4 threads whose tasks run until the gate opens. */
function gatedPiscina() {
  const pool = new Piscina({ filename: GATED, minThreads: 1, maxThreads: 4, idleTimeout: 200 });
  const port = new PiscinaPort('thumbnails', pool);
  const gate = new Int32Array(new SharedArrayBuffer(8));
  const open = () => {
    Atomics.store(gate, 0, 1);
    Atomics.notify(gate, 0);
  };
  onTestFinished(async () => {
    open();
    await pool.destroy();
  });
  return { pool, port, open, arrived: () => Atomics.load(gate, 1), submit: () => port.run<number>(gate) };
}

describe('a Piscina is sized by createAutoscaler (D10)', () => {
  it('a burst grows it to its maximum, and quiet lets all threads but one go', async () => {
    const { pool, port, open, arrived, submit } = gatedPiscina();
    const calls = [submit(), submit()];
    const resizes: string[] = [];
    // A thread more to go by, and the load goes on: Piscina starts it for the next task.
    const decision = ({ from, to }: Decision) => {
      if (from !== to) resizes.push(`${from} → ${to}`);
      if (to > from) calls.push(submit());
    };
    const decider = { type: 'threshold', signal: 'utilization', up: 0.8, down: 0.3 } as const;
    const autoscaler = createAutoscaler(port, { policy: { decider }, tickMs: 10 }, { decision });
    onTestFinished(() => autoscaler.stop());

    await vi.waitFor(() => expect(resizes).toEqual(['1 → 2', '2 → 3', '3 → 4']), 10_000);
    await vi.waitFor(() => expect(arrived()).toBe(4), 10_000);
    expect(pool.threads).toHaveLength(4);
    expect(autoscaler.health()).toMatchObject({ state: 'running', faults: 0 });

    open();
    await Promise.all(calls);
    await vi.waitFor(() => expect(resizes.slice(3)).toEqual(['4 → 3', '3 → 2', '2 → 1']), 10_000);
    await vi.waitFor(() => expect(pool.threads).toHaveLength(1), 10_000);
    expect(port.snapshot()).toMatchObject({ target: 1, busy: 0, counters: { submitted: 5, completed: 5, failed: 0 } });
  });

  it('balanced grows it with the first tasks that wait, and lets it shrink when it has cost enough', async () => {
    const { port, open, submit } = gatedPiscina();
    const autoscaler = autoscale(port);
    const calls = Array.from({ length: 8 }, submit);
    expect(port.snapshot().target).toBe(4);
    expect(autoscaler.decisions()).toContainEqual(
      expect.objectContaining({ from: 1, to: 2, reason: '1 task waits, and how long one takes is not yet known' }),
    );
    autoscaler.stop();
    open();
    await Promise.all(calls);

    // The threads are real, and the time by which it is decided is not: three spares cost 75 worker-seconds in 25 s.
    const clock = new VirtualClock();
    const events = { decision() {}, flapping() {}, fault() {} };
    const successor = new PoolAutoscaler(port.name, port, resolveScaling({}, 'balanced')!, { kit: {}, clock, events });
    successor.start();
    await clock.advance(25_000);
    expect(port.snapshot().target).toBe(4);
    await clock.advance(1_000);
    expect(port.snapshot().target).toBe(1);
    successor.stop();
  });

  it('a task that fails counts as failed', async () => {
    const { port } = gatedPiscina();
    await expect(port.run('no gate')).rejects.toThrow(TypeError);
    expect(port.snapshot().counters).toEqual({ submitted: 1, completed: 0, failed: 1 });
  });
});

/** A job that ends when the test says so. */
function held() {
  let end!: () => void;
  const ended = new Promise<void>((resolve) => (end = resolve));
  return { end, run: () => ended };
}

/** As small as p-queue would be without its options. */
class Queue implements Limiter {
  pending = 0;
  #concurrency = 1;
  readonly #waiting: (() => Promise<void>)[] = [];

  get concurrency(): number {
    return this.#concurrency;
  }

  set concurrency(concurrency: number) {
    this.#concurrency = concurrency;
    this.#startNext();
  }

  get size(): number {
    return this.#waiting.length;
  }

  add(job: () => Promise<void>): void {
    this.#waiting.push(job);
    this.#startNext();
  }

  #startNext(): void {
    while (this.pending < this.concurrency && this.#waiting.length > 0) {
      this.pending++;
      void this.#waiting.shift()!()
        .then(() => this.pending--)
        .then(() => this.#startNext());
    }
  }
}

describe('a queue with a concurrency is sized by createAutoscaler (D10)', () => {
  it('a burst grows it to its maximum, quiet shrinks it to its minimum', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const queue = new Queue();
    const jobs = Array.from({ length: 12 }, held);
    for (const { run } of jobs) queue.add(run);
    const autoscaler = autoscaleLimiter('mails', queue, { min: 1, max: 10 });
    onTestFinished(() => autoscaler.stop());

    await vi.advanceTimersByTimeAsync(1_000);
    expect(queue).toMatchObject({ concurrency: 10, pending: 10, size: 2 });
    for (const { end } of jobs) end();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(queue).toMatchObject({ concurrency: 1, pending: 0, size: 0 });
    const sizes = autoscaler.decisions().filter(({ from, to }) => from !== to);
    expect(sizes.map(({ to }) => to).reverse()).toEqual([5, 9, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
  });
});
