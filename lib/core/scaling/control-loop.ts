import type { Clock } from '../clock.js';
import type { Decision, PoolReading, ResizePort } from './contract.js';
import { DecisionLog } from './decision-log.js';
import { Faults, type OnFault } from './faults.js';
import { FlappingWatch, type Flapping } from './flapping.js';
import type { Evaluation, Pipeline } from './pipeline.js';
import { cut, harmlessly, isPromise } from './unchecked.js';

/** How an autoscaler is, for health checks. */
export interface AutoscalerHealth {
  /** `retrying`: the latest tick failed; `frozen`: one failed, and a person must set the policy again; `stopped`: no ticks. */
  readonly state: 'running' | 'retrying' | 'frozen' | 'stopped';
  readonly faults: number;
  readonly lastFault: string | null;
  /** Milliseconds since the epoch; `null` before the first tick. */
  readonly lastTickAt: number | null;
  readonly isFlapping: boolean;
}

/** Whom an autoscaler tells. */
export interface AutoscalerEvents {
  /** Something new was decided; what repeats itself is not told again. */
  decision(decision: Decision): void;
  flapping(flapping: Flapping): void;
  fault(fault: Error): void;
}

/**
 * Keeps the size of one pool where its policy wants it (A1, A3). One tick at a time, and none while the pool has not
 * taken over the last resize. No fault of a policy, of the pool or of a listener leaves a tick.
 *
 * `stopped` ⇄ `running` ⇄ `retrying`; `running` → `frozen` → `running` by `use()`.
 */
export class ControlLoop {
  readonly #log = new DecisionLog();
  readonly #flapping = new FlappingWatch();
  readonly #faults: Faults;
  #pipeline: Pipeline;
  #isTicking = false;
  /** A resize that a foreign pool has not acknowledged yet. */
  #resizing: PromiseLike<unknown> | null = null;
  /** As it was when it was last looked at. */
  #target: number | null = null;
  #lastTickAt: number | null = null;
  #isRunning = false;
  #stopWatching: (() => void) | null = null;

  constructor(
    readonly port: ResizePort,
    readonly clock: Clock,
    readonly events: AutoscalerEvents,
    onFault: OnFault,
    pipeline: Pipeline,
  ) {
    this.#pipeline = pipeline;
    this.#faults = new Faults(onFault);
  }

  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#stopWatching = this.port.onQueued?.(() => this.#onQueued()) ?? null;
  }

  stop(): void {
    this.#isRunning = false;
    this.#stopWatching?.();
    this.#stopWatching = null;
    this.#pipeline.close();
  }

  /** Another policy, from the next tick on; a frozen loop goes on with it. */
  use(pipeline: Pipeline): void {
    this.#pipeline.close();
    this.#pipeline = pipeline;
    this.#faults.thaw();
  }

  /** What happens after a fault, from now on; a frozen loop that shall try again does so. */
  setOnFault(onFault: OnFault): void {
    if (onFault === this.#faults.onFault) return;
    this.#faults.onFault = onFault;
    this.#faults.thaw();
  }

  tick(): void {
    this.#attempt((snapshot, now) => this.#pipeline.evaluate(snapshot, now));
  }

  decisions(limit?: number): readonly Decision[] {
    return this.#log.latest(limit);
  }

  health(): AutoscalerHealth {
    const { count, last, isFrozen, isPausing } = this.#faults;
    const state = isFrozen ? 'frozen' : isPausing ? 'retrying' : 'running';
    return Object.freeze({
      state: this.#isRunning ? state : 'stopped',
      faults: count,
      lastFault: last?.message ?? null,
      lastTickAt: this.#lastTickAt,
      isFlapping: this.#flapping.isDamped(this.clock.now()),
    });
  }

  #onQueued(): void {
    this.#attempt((snapshot, now) => this.#pipeline.evaluateQueued(snapshot, now));
  }

  /** Evaluates and applies; whatever goes wrong is counted here and goes no further. */
  #attempt(evaluate: (snapshot: PoolReading, now: number) => Evaluation | null): void {
    const now = this.clock.now();
    if (!this.#isRunning || this.#isTicking || !this.#faults.mayTick(now)) return;
    this.#isTicking = true;
    let snapshot: PoolReading | null = null;
    try {
      this.#lastTickAt = Date.now();
      snapshot = this.port.snapshot();
      this.#notice(snapshot.target, now);
      const evaluation = evaluate(snapshot, now);
      if (evaluation) this.#conclude(snapshot, evaluation, now);
      // One that is under way may yet be refused.
      if (this.#resizing === null) this.#faults.wentWell();
    } catch (error) {
      const fault = this.#onFault(error, now);
      if (snapshot) this.#record(snapshot, standstill(snapshot.target, fault));
    } finally {
      this.#isTicking = false;
    }
  }

  /** Somebody else may have resized the pool since the last look. */
  #notice(target: number, now: number): void {
    const known = this.#target ?? target;
    this.#target = target;
    if (target !== known) this.#pipeline.resized(known, target, now);
  }

  #conclude(snapshot: PoolReading, evaluation: Evaluation, now: number): void {
    const held = this.#held(snapshot, evaluation, now);
    this.#record(snapshot, held);
    // Whoever heard of it may have stopped the loop.
    if (held.from !== held.to && this.#isRunning) this.#resize(held, now);
  }

  #record({ name }: PoolReading, evaluation: Evaluation): void {
    const news = this.#log.add(name, Date.now(), evaluation);
    if (news) this.#tell(() => this.events.decision(news));
  }

  /** What holds any policy. */
  #held(snapshot: PoolReading, evaluation: Evaluation, now: number): Evaluation {
    const hold = (heldBy: string) => ({ ...evaluation, to: evaluation.from, heldBy });
    if (snapshot.override) return hold('override');
    if (snapshot.state === 'paused') return hold('a pause');
    if (snapshot.state === 'closed') return hold('the end of the pool');
    if (evaluation.to === evaluation.from) return evaluation;
    if (this.#resizing) return hold('a resize under way');
    // What a hard guard takes back, it takes.
    if (evaluation.proposed < evaluation.from && this.#flapping.isDamped(now)) return hold('flapping');
    return evaluation;
  }

  #resize({ from, to, reason }: Evaluation, now: number): void {
    const resizing = this.port.resize(to, { reason });
    const applied = () => {
      // A slow pool may have been seen at its new size before it said so.
      if (this.#target !== to) this.#pipeline.resized(from, to, now);
      this.#target = to;
      const flapping = this.#flapping.resized(from, to, now);
      if (flapping) this.#tell(() => this.events.flapping(flapping));
    };
    if (!isPromise(resizing)) return applied();
    let isTaken = false;
    try {
      // A pool of ours has its new target by now; a foreign one may take its time to accept or refuse it.
      isTaken = this.port.snapshot().target === to;
      if (isTaken) applied();
    } finally {
      if (!isTaken) this.#resizing = resizing;
      void this.#acknowledge(resizing, isTaken ? null : applied);
    }
  }

  async #acknowledge(resizing: PromiseLike<unknown>, applied: (() => void) | null): Promise<void> {
    try {
      await resizing;
      applied?.();
      if (applied) this.#faults.wentWell();
    } catch (error) {
      if (this.#isRunning) this.#onRefusal(error);
    } finally {
      if (this.#resizing === resizing) this.#resizing = null;
    }
  }

  /** The resize was told as a decision already: tell that nothing came of it. */
  #onRefusal(error: unknown): void {
    const fault = this.#onFault(error, this.clock.now());
    harmlessly('reading a pool that refused a resize', () => {
      const snapshot = this.port.snapshot();
      this.#record(snapshot, standstill(snapshot.target, fault));
    });
  }

  #onFault(error: unknown, now: number): Error {
    const fault = this.#faults.failed(error, now);
    this.#tell(() => this.events.fault(fault));
    return fault;
  }

  /** A listener that fails is no fault of the loop, and stops no resize. */
  #tell(event: () => unknown): void {
    harmlessly('a listener of an autoscaler', event);
  }
}

function standstill(size: number, { message }: Error): Evaluation {
  return { from: size, proposed: size, to: size, heldBy: 'a fault', reason: cut(`failed: ${message}`), signals: {} };
}
