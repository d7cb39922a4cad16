import { expect } from 'vitest';
import type { FakeWorker } from '../../../../support/fake-worker.js';
import type { LocalPool } from '../../../../../lib/core/pool/local-pool.js';
import { unstartedFakePool } from '../../../../support/fake-pool.js';
import { settleMicrotasks } from '../../../../support/virtual-clock.js';
import { watch, type Watched } from '../../../../support/watch.js';
import { Chronicle } from './chronicle.js';
import { checkCounters, checkFlow, checkSize, checkWorkers, recycles, type Subject } from './invariants.js';
import { LOAD, type Scenario, type Step } from './scenario.js';

interface Call extends Watched {
  readonly controller: AbortController;
}

/** Plays a scenario on a fake pool, and after every step checks what must hold at any instant. */
export class Rehearsal {
  readonly #subject: Subject;
  readonly #calls: Call[] = [];
  /** Everything else that was promised: resizes, drains, closes. */
  readonly #promises: Watched[] = [];
  #isClosing = false;
  readonly #check: () => void;

  /** `watchPool` is told of the pool, and returns what else to check after every step. */
  constructor(scenario: Scenario, watchPool: (pool: LocalPool) => () => void = () => () => undefined) {
    const fake = unstartedFakePool(scenario.pool, scenario.engine);
    const here: Subject['here'] = new Map();
    fake.engine.here = (task) => new Promise<void>((resolve) => here.set(task, resolve));
    this.#subject = { ...fake, chronicle: new Chronicle(fake.pool, fake.clock), scenario, here };
    this.#check = watchPool(fake.pool);
    this.#promises.push(watch(fake.pool.ready()));
  }

  async play(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      const passing = this.#do(step);
      this.#checkCounters();
      await passing;
      await settleMicrotasks();
      this.#checkCounters();
      checkWorkers(this.#subject);
      checkSize(this.#subject);
      checkFlow(this.#subject);
      this.#checkCalls();
    }
  }

  /** With a working engine and an open pool everything that was asked for comes true. */
  async recover(): Promise<void> {
    const { pool, engine, clock, chronicle, scenario } = this.#subject;
    engine.bootError = engine.spawnError = null;
    if (this.#isClosing) return;
    pool.quarantine.release();
    pool.resume();
    for (let round = 0; round < 100; round++) {
      this.#endHere();
      for (const worker of engine.alive) {
        worker.poll();
        worker.begin();
        worker.end();
      }
      await clock.advance(round === 0 ? 40_000 : 300);
    }
    const snapshot = pool.snapshot();
    // A worker that is recycled is followed by one that has to catch up.
    if (!recycles(scenario) || chronicle.broadcast.size === 0)
      expect(snapshot).toMatchObject({ queueDepth: 0, busy: 0 });
    expect(snapshot.size).toBeGreaterThanOrEqual(snapshot.override ? snapshot.target : snapshot.min);
    // One that is being recycled may be on its way at this moment.
    if (!recycles(scenario)) {
      expect(snapshot).toMatchObject({ draining: 0, starting: 0 });
      expect(snapshot.size).toBeLessThanOrEqual(snapshot.target);
    }
    expect(this.#calls.filter((call) => call.state === 'pending')).toEqual([]);
    expect(this.#promises.filter((promise) => promise.state === 'pending')).toEqual([]);
  }

  async close(): Promise<void> {
    const { pool, engine, clock } = this.#subject;
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
    const { pool, engine, clock } = this.#subject;
    switch (step.do) {
      case 'submit':
        return this.#submit(step);
      case 'broadcast':
        return this.#promise(pool.broadcast(LOAD, [], { replay: step.replay }));
      case 'begin':
      case 'poll':
        return this.#pick(step.worker)?.[step.do]();
      case 'end':
        return this.#pick(step.worker)?.end('done', true, undefined, step.serviceMs);
      case 'endOne': {
        const worker = this.#pick(step.worker);
        return worker?.end('one', true, worker.started.slice(0, 1), step.serviceMs);
      }
      case 'fail':
        return this.#pick(step.worker)?.end(new Error('task failed'), false, undefined, step.serviceMs);
      case 'endUnheard':
        return this.#pick(step.worker)?.endUnheard(step.count, step.serviceMs);
      case 'endHere':
        return this.#endHere();
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

  #submit({ count, task, options: { moves, isCancellable, ...options } }: Step & { do: 'submit' }): void {
    for (let call = 0; call < count; call++) {
      const controller = new AbortController();
      const running = this.#subject.pool.run(task, [], {
        ...options,
        ...(isCancellable && { signal: controller.signal }),
        ...(moves && { transfer: [new ArrayBuffer(1)] }),
      });
      this.#calls.push(Object.assign(watch(running), { controller }));
    }
  }

  #crash({ worker: index, claim }: Step & { do: 'crash' }): void {
    const worker = this.#pick(index);
    if (claim === 'unbegun') this.#subject.chronicle.giveBack(worker?.unbegin() ?? []);
    if (claim === 'started') worker?.begin();
    if (claim === 'done') worker?.loseReplies();
    else worker?.crash();
  }

  #endHere(): void {
    for (const end of this.#subject.here.values()) end();
    this.#subject.here.clear();
  }

  #promise(promise: Promise<unknown>): void {
    this.#promises.push(watch(promise));
  }

  #pick(index: number): FakeWorker | undefined {
    const { alive } = this.#subject.engine;
    return alive[index % Math.max(1, alive.length)];
  }

  #checkCounters(): void {
    checkCounters(this.#subject);
    this.#check();
  }

  #checkCalls(): void {
    const { completed, failed, cancelled, dropped } = this.#subject.pool.snapshot().counters;
    const answered = this.#calls.filter((call) => call.state !== 'pending');
    const ended = completed + failed + cancelled + dropped - this.#subject.chronicle.broadcastEnded;
    expect(answered.length).toBeGreaterThanOrEqual(ended);
    expect(this.#calls.filter((call) => call.settlements > 1)).toEqual([]);
  }
}
