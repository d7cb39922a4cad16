import { isDeepStrictEqual } from 'node:util';
import { expect, vi } from 'vitest';
import { createPool, PoolError, type Pool, type PoolOptions } from '../../../../lib/entries/core.js';
import { livingThreads } from '../../../support/living-threads.js';
import { Random } from '../../../support/random.js';
import { learn, Marks } from '../batch-pool.js';
import { LOADS, type Load } from '../crash-accounting/loads.js';

const TASKS = new URL('../../../fixtures/tasks/batch.js', import.meta.url);
const MOST_TASKS = 20_000;
const MOST_WORKERS = 3;
const ABORTED = 'aborted on purpose';
/** How a call may end that has no result: the codes of errors. */
const ENDS = ['WORKER_CRASHED', 'EAGER_SHRINK', 'QUEUE_TIMEOUT'];
const WORKERS: readonly NonNullable<PoolOptions['worker']>[] = [
  {},
  {},
  { parking: true },
  { concurrency: 3 },
  { recycle: { afterTasks: 50 } },
];

interface Call {
  readonly id: number;
  readonly load: Load;
  readonly abort: AbortController;
  readonly result: Promise<unknown>;
}

/** Random calls, aborts, pauses, resizes and dying threads, all at once. */
export class Storm {
  readonly wrong: string[] = [];
  readonly #random: Random;
  readonly #marks = new Marks(MOST_TASKS);
  readonly #pool: Pool;
  readonly #calls: Call[] = [];
  #learned = 0;
  #steps: readonly (() => unknown)[] = [];

  constructor(readonly seed: number) {
    this.#random = new Random(seed);
    const [worker, order] = [this.#random.pick(WORKERS), this.#random.pick(['fifo', 'priority', 'fair'] as const)];
    const size = { min: 1, initial: 2, max: MOST_WORKERS };
    this.#pool = createPool({
      name: `storm ${seed}`,
      tasks: TASKS,
      size,
      worker,
      queue: { order },
      abortGraceMs: 50,
      scaling: false,
    });
    const few = () => this.#submit(1 + this.#random.below(4));
    const many = () => this.#submit(this.#random.below(80));
    const abort = () => this.#abort();
    const turn = () => new Promise(setImmediate);
    this.#steps = [few, few, many, abort, abort, abort, turn, turn, turn, () => this.#spin(), () => this.#steer()];
  }

  async rage(steps: number): Promise<void> {
    await learn(this.#pool, [...new Set(LOADS.map((load) => load.task))]);
    this.#learned = this.#pool.snapshot().counters.submitted;
    for (let step = 0; step < steps; step++) {
      await this.#random.pick(this.#steps)();
      this.#checkCounters();
    }
  }

  /** Once all is quiet. */
  async calm(): Promise<void> {
    this.#pool.resume();
    const results = await Promise.allSettled(this.#calls.map((call) => call.result));
    await this.#pool.resize(2);
    for (const [index, call] of this.#calls.entries()) this.#judge(call, results[index]!);
    const total = this.#learned + this.#calls.length;
    // A thread may still be on its way out, and its successor on its way in.
    await vi.waitFor(() => {
      const { live, busy, queueDepth, counters } = this.#pool.snapshot();
      expect([live, busy, queueDepth, counters.submitted]).toEqual([2, 0, 0, total]);
    }, 10_000);
    await this.#pool.close();
    if (livingThreads.size > 0) this.wrong.push(`${livingThreads.size} threads outlive their pool`);
  }

  #submit(count: number): void {
    for (let i = 0; i < count && this.#calls.length < MOST_TASKS; i++) {
      const [id, load, abort] = [this.#calls.length, this.#random.pick(LOADS), new AbortController()];
      const options = {
        priority: this.#random.below(4),
        tenant: this.#random.pick(['a', 'b', 'c']),
        ...(this.#random.below(3) > 0 && { signal: abort.signal }),
        ...(this.#random.below(20) === 0 && { queueTimeoutMs: 5 }),
      };
      const result = load.run(this.#pool, id, options);
      result.catch(() => undefined);
      this.#calls.push({ id, load, abort, result });
    }
  }

  /** Of the calls, rather one of the last. */
  #abort(): void {
    const call = this.#calls.at(-1 - this.#random.below(1 + this.#random.below(200)));
    call?.abort.abort(ABORTED);
  }

  #spin(): void {
    const until = performance.now() + this.#random.below(2_000) / 1_000;
    while (performance.now() < until);
  }

  /** What an operator does, and what befalls a thread. */
  #steer(): void {
    const size = 1 + this.#random.below(MOST_WORKERS);
    const steps = [
      () => this.#pool.pause(),
      () => this.#pool.resume(),
      () => this.#pool.resume(),
      () => void this.#pool.resize(size).catch(() => undefined),
      () => void this.#pool.resize(size, { eager: true }).catch(() => undefined),
      () => this.#random.below(4) === 0 && void this.#random.pick([...livingThreads.values()])?.terminate(),
    ];
    this.#random.pick(steps)();
  }

  #checkCounters(): void {
    const { counters, queueDepth, busy } = this.#pool.snapshot();
    const { submitted, completed, failed, cancelled, dropped } = counters;
    const running = submitted - completed - failed - cancelled - dropped - queueDepth;
    if (running < busy - MOST_WORKERS || running > MOST_WORKERS * MOST_WORKERS) {
      this.wrong.push(`${running} tasks run in ${busy} workers`);
    }
  }

  #judge({ id, load }: Call, result: PromiseSettledResult<unknown>): void {
    const [begun, ended] = [this.#marks.begun(id), this.#marks.ended(id)];
    const complain = (what: string) =>
      void this.wrong.push(`${load.task} ${id}, begun ${begun}, ended ${ended}: ${what}`);
    if (begun > 1) complain('ran twice');
    if (result.status === 'fulfilled') {
      if (begun !== 1) complain('has a result');
      if (!isDeepStrictEqual(result.value, load.expected(id))) complain(`resolved with ${String(result.value)}`);
      return;
    }
    const error: unknown = result.reason;
    if (error === ABORTED) return;
    if (!(error instanceof PoolError) || !ENDS.includes(error.code)) complain(`rejected with ${String(error)}`);
    else if (error.code === 'QUEUE_TIMEOUT' && begun > 0) complain('timed out in the queue');
  }
}
