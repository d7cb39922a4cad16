import { expect } from 'vitest';
import type { FakeWorker } from '../../../../support/fake-engine.js';
import { unstartedFakePool } from '../../../../support/fake-pool.js';
import { settleMicrotasks } from '../../../../support/virtual-clock.js';
import { watch, type Watched } from '../../../../support/watch.js';
import { MAX, type Scenario, type Step } from './scenario.js';

interface Call extends Watched {
  readonly controller: AbortController;
}

/** Plays a scenario on a fake pool, and after every step checks what must hold at any instant. */
export class Rehearsal {
  readonly #fake: ReturnType<typeof unstartedFakePool>;
  readonly #calls: Call[] = [];
  /** Everything else that was promised: resizes, drains, closes. */
  readonly #promises: Watched[] = [];
  readonly #concurrency: number;
  readonly #recycles: boolean;
  #isClosing = false;

  constructor(scenario: Scenario) {
    this.#fake = unstartedFakePool(scenario.pool, scenario.engine);
    this.#concurrency = scenario.pool.worker!.concurrency!;
    this.#recycles = Object.keys(scenario.pool.worker!.recycle!).length > 0;
    this.#promises.push(watch(this.#fake.pool.ready()));
  }

  async play(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      const passing = this.#do(step);
      this.#checkCounters();
      await passing;
      await settleMicrotasks();
      this.#checkCounters();
      this.#checkSize();
      this.#checkFlow();
      this.#checkCalls();
    }
  }

  /** With a working engine and an open pool everything that was asked for comes true. */
  async recover(): Promise<void> {
    const { pool, engine, clock } = this.#fake;
    engine.bootError = engine.spawnError = null;
    if (this.#isClosing) return;
    pool.resume();
    for (let round = 0; round < 100; round++) {
      for (const worker of engine.alive) {
        worker.begin();
        worker.end();
      }
      await clock.advance(round === 0 ? 40_000 : 300);
    }
    const snapshot = pool.snapshot();
    expect(snapshot).toMatchObject({ queueDepth: 0, busy: 0 });
    expect(snapshot.size).toBeGreaterThanOrEqual(snapshot.override ? snapshot.target : snapshot.min);
    // One that is being recycled may be on its way at this moment.
    if (!this.#recycles) {
      expect(snapshot).toMatchObject({ draining: 0, starting: 0 });
      expect(snapshot.size).toBeLessThanOrEqual(snapshot.target);
    }
    expect(this.#calls.filter((call) => call.state === 'pending')).toEqual([]);
    expect(this.#promises.filter((promise) => promise.state === 'pending')).toEqual([]);
  }

  async close(): Promise<void> {
    const { pool, engine, clock } = this.#fake;
    const closed = watch(pool.close({ timeoutMs: 1_000 }));
    await clock.advance(1_500);
    expect(closed.state).toBe('resolved');
    expect(pool.snapshot()).toMatchObject({ state: 'closed', size: 0, queueDepth: 0 });
    expect(engine.alive).toEqual([]);
    expect(clock.scheduled).toBe(0);
    for (const call of [...this.#calls, ...this.#promises]) expect(call.settlements).toBe(1);
    this.#checkCounters();
  }

  #do(step: Step): Promise<void> | void {
    const { pool, engine, clock } = this.#fake;
    switch (step.do) {
      case 'submit':
        return this.#submit(step);
      case 'begin':
        return this.#pick(step.worker)?.begin();
      case 'end':
        return this.#pick(step.worker)?.end();
      case 'endOne': {
        const worker = this.#pick(step.worker);
        return worker?.end('one', true, worker.started.slice(0, 1));
      }
      case 'fail':
        return this.#pick(step.worker)?.end(new Error('task failed'), false);
      case 'cancel':
        return this.#calls.at(step.call % Math.max(1, this.#calls.length))?.controller.abort();
      case 'resize':
        return this.#promise(pool.resize(step.target, { eager: step.eager }));
      case 'prewarm':
        return this.#promise(pool.prewarm(step.n));
      case 'pin':
        return this.#promise(pool.pin(step.size, { forMs: step.forMs }));
      case 'release':
        return this.#promise(pool.release());
      case 'drain':
        return this.#promise(pool.drain());
      case 'pause':
      case 'resume':
        try {
          pool[step.do]();
        } catch (error) {
          expect(error).toMatchObject({ name: 'PoolClosedError' });
        }
        return;
      case 'crash':
        return this.#crash(step);
      case 'grow heap': {
        const worker = this.#pick(step.worker);
        if (worker) worker.heapMb = 101;
        return;
      }
      case 'break':
        engine.bootError = step.what === 'boot' ? new Error('cannot boot') : null;
        engine.spawnError = step.what === 'spawn' ? new Error('cannot spawn') : null;
        return;
      case 'advance':
        return clock.advance(step.ms);
      case 'close':
        this.#isClosing = true;
        return this.#promise(pool.close({ timeoutMs: step.timeoutMs }));
    }
  }

  #submit({ count, options }: Step & { do: 'submit' }): void {
    for (let call = 0; call < count; call++) {
      const controller = new AbortController();
      const { signal } = controller;
      const running = this.#fake.pool.run('work', [], { signal, ...options });
      this.#calls.push(Object.assign(watch(running), { controller }));
    }
  }

  #crash({ worker: index, claim }: Step & { do: 'crash' }): void {
    const worker = this.#pick(index);
    if (claim === 'started') worker?.begin();
    if (claim === 'done') worker?.loseReplies();
    else worker?.crash();
  }

  #promise(promise: Promise<unknown>): void {
    this.#promises.push(watch(promise));
  }

  #pick(index: number): FakeWorker | undefined {
    const { alive } = this.#fake.engine;
    return alive[index % Math.max(1, alive.length)];
  }

  /** P12: every accepted task is in exactly one place. */
  #checkCounters(): void {
    const { pool, engine } = this.#fake;
    const { counters, queueDepth } = pool.snapshot();
    const { submitted, completed, failed, cancelled, dropped } = counters;
    const running = engine.alive
      .map((worker) => worker.started.filter((task) => !worker.aborts.has(task)).length)
      .reduce((sum, tasks) => sum + tasks, 0);
    expect(submitted).toBe(completed + failed + cancelled + dropped + queueDepth + running);
  }

  /** P2, P7: within bounds, and whoever is too many is busy. */
  #checkSize(): void {
    const { pool, engine } = this.#fake;
    const snapshot = pool.snapshot();
    const extra = this.#recycles ? 1 : 0;
    expect(snapshot.size).toBe(engine.alive.length);
    expect(snapshot.size).toBe(snapshot.starting + snapshot.live);
    expect(snapshot.idle).toBe(snapshot.live - snapshot.busy);
    expect(snapshot.live - snapshot.draining).toBeLessThanOrEqual(MAX + extra);
    if (!this.#recycles && this.#concurrency === 1) {
      const serving = engine.alive.filter((worker) => worker.isServing);
      const free = serving.filter((worker) => worker.claims.size === 0);
      const busy = serving.filter((worker) => [...worker.claims.keys()].some((task) => !worker.aborts.has(task)));
      if (free.length > 0) expect(free.length + busy.length).toBeLessThanOrEqual(snapshot.target);
    }
    expect(engine.offences).toEqual([]);
    for (const worker of engine.alive) expect(worker.claims.size).toBeLessThanOrEqual(this.#concurrency);
  }

  /** P1: nobody waits while a worker is free. */
  #checkFlow(): void {
    const { pool, engine } = this.#fake;
    const { state, queueDepth, workers } = pool.snapshot();
    if (state === 'paused' || state === 'closed') return;
    const sent = engine.alive.flatMap((worker) => [...worker.claims.values()]).filter((claim) => claim === 'sent');
    const draining = new Set(workers.filter((worker) => worker.state === 'draining').map((worker) => worker.id));
    const free = engine.alive.filter(
      (worker) => worker.isServing && !draining.has(worker.id) && worker.claims.size < this.#concurrency,
    );
    if (queueDepth > sent.length) expect(free).toEqual([]);
  }

  #checkCalls(): void {
    const { completed, failed, cancelled, dropped } = this.#fake.pool.snapshot().counters;
    const answered = this.#calls.filter((call) => call.state !== 'pending');
    expect(answered.length).toBeGreaterThanOrEqual(completed + failed + cancelled + dropped);
    for (const call of this.#calls) expect(call.settlements).toBeLessThanOrEqual(1);
  }
}
