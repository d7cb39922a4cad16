import { LoadSums } from '../core/pool/load-sums.js';
import type { PoolReading, ResizePort } from '../core/scaling/contract.js';
import { SlidingDurations } from '../core/stats/sliding-durations.js';
import { refusal } from '../core/validate.js';
import type { ResolvedSimulation } from './resolve-simulation.js';
import { RunningTasks } from './running-tasks.js';
import type { SimulatedBreaker } from './simulated-breaker.js';
import { SimulatedCrew } from './simulated-crew.js';
import type { Resize } from './simulation-result.js';
import type { VirtualTime } from './virtual-time.js';
import type { Workload } from './workload.js';

/** Window of the wait and service statistics, milliseconds: the default of a pool's `stats.windowMs`. */
const WINDOW_MS = 10_000;
/** As of a pool: whoever listens to `onQueued` hears of it no more often, milliseconds. */
const QUEUED_EVERY_MS = 20;

/**
 * A pool under a virtual clock: tasks start in the order in which they came, as soon as a worker is free. Exact, since
 * it jumps from one event to the next; it is told of each by the simulation, which keeps them in order.
 */
export class SimulatedPool implements ResizePort {
  readonly crew: SimulatedCrew;
  readonly load: LoadSums;
  readonly waits: Float64Array;
  readonly resizes: Resize[] = [];
  readonly #running: RunningTasks;
  /** Service times as they were, by the task. */
  readonly #served: Float64Array;
  /** Accepted tasks in the order of their arrival; those before `#head` have started. */
  readonly #accepted: Int32Array;
  #head = 0;
  #submitted = 0;
  #completed = 0;
  #failed = 0;
  #dropped = 0;
  #waitMs = 0;
  readonly #wait = new SlidingDurations(WINDOW_MS);
  readonly #service = new SlidingDurations(WINDOW_MS);
  #onQueued: (() => void) | null = null;
  #heardAt = -Infinity;

  /** `isWatched`: whether anybody reads snapshots; the statistics in them are left out otherwise. */
  constructor(
    readonly workload: Workload,
    readonly options: ResolvedSimulation,
    readonly time: VirtualTime,
    readonly breaker: SimulatedBreaker | null,
    readonly isWatched: boolean,
  ) {
    const tasks = workload.arrivals.length;
    this.crew = new SimulatedCrew(options.initial, options.spawnDelayMs);
    this.load = new LoadSums(options.scaling.objectiveMs);
    this.waits = new Float64Array(tasks).fill(Number.NaN);
    this.#accepted = new Int32Array(tasks);
    const isAsDrawn = options.serviceFactor === null && breaker === null;
    this.#served = isAsDrawn ? workload.services : new Float64Array(tasks);
    this.#running = new RunningTasks(options.max);
  }

  get nextEnd(): number {
    return this.#running.nextEnd;
  }

  get dropped(): number {
    return this.#dropped;
  }

  get failed(): number {
    return this.#failed;
  }

  /** Sum of all waits, milliseconds. */
  get waitMs(): number {
    return this.#waitMs;
  }

  get queueDepth(): number {
    return this.#submitted - this.#head;
  }

  /** Tasks that wait, oldest first. */
  get waiting(): Int32Array {
    return this.#accepted.subarray(this.#head, this.#submitted);
  }

  /** A task comes. Nothing waits while a worker is idle, so that a full queue means that all are busy. */
  arrive(task: number): void {
    if (this.queueDepth >= this.options.queueCapacity) {
      this.#dropped++;
      return;
    }
    this.#accepted[this.#submitted++] = task;
    this.#feed();
  }

  /** The task that is due ends. */
  end(): void {
    const { workload, crew, time, breaker } = this;
    const task = this.#running.take();
    const serviceMs = this.#served[task]!;
    const failsByItself = workload.failures?.[task] === 1;
    const hasFailed = breaker?.ended(task, serviceMs, failsByItself) ?? failsByItself;
    if (hasFailed) this.#failed++;
    else this.#completed++;
    this.load.served(serviceMs);
    if (this.isWatched) this.#service.record(time.at, serviceMs);
    crew.free(time.at);
    this.#feed();
  }

  /** The worker that is due becomes live. */
  ready(): void {
    this.crew.ready();
    this.#feed();
  }

  snapshot(): PoolReading {
    const { name, min, max, queueCapacity } = this.options;
    const { target, size, starting, live, busy } = this.crew;
    const [now, wait, service] = [this.time.at, this.#wait, this.#service];
    const oldest = this.queueDepth === 0 ? 0 : now - this.workload.arrivals[this.#accepted[this.#head]!]!;
    const counters = { submitted: this.#submitted, completed: this.#completed, failed: this.#failed };
    let waits: PoolReading['wait'] | undefined;
    return {
      name,
      min,
      max,
      target,
      size,
      starting,
      live,
      busy,
      queueDepth: this.queueDepth,
      ...(queueCapacity === Infinity ? {} : { queueCapacity }),
      counters,
      // Summed up when they are asked for: most policies do not, and it takes longer than all the rest.
      get wait() {
        return (waits ??= { ...wait.read(now), oldest });
      },
      get service() {
        return service.read(now);
      },
      load: this.load.read(),
    };
  }

  resize(target: number): void {
    this.resizes.push({ at: this.time.at, from: this.crew.target, to: target });
    this.crew.resize(target, this.time.at);
  }

  onQueued(listener: () => void): () => void {
    this.#onQueued = listener;
    return () => void (this.#onQueued = null);
  }

  #feed(): void {
    while (this.#head < this.#submitted && this.crew.hasIdle) this.#start(this.#accepted[this.#head++]!);
    if (this.#onQueued === null || this.queueDepth === 0 || this.time.at - this.#heardAt < QUEUED_EVERY_MS) return;
    this.#heardAt = this.time.at;
    this.#onQueued();
  }

  #start(task: number): void {
    const { workload, options, crew, breaker } = this;
    const now = this.time.at;
    const waitMs = now - workload.arrivals[task]!;
    let serviceMs = workload.services[task]!;
    if (options.serviceFactor !== null) serviceMs *= factorAt(now, options);
    if (breaker !== null) serviceMs = breaker.started(task, serviceMs);
    if (this.#served !== workload.services) this.#served[task] = serviceMs;
    this.waits[task] = waitMs;
    this.#waitMs += waitMs;
    this.load.started(waitMs);
    if (this.isWatched) this.#wait.record(now, waitMs);
    crew.occupy();
    this.#running.add(task, now + serviceMs);
  }
}

function factorAt(now: number, { name, serviceFactor }: ResolvedSimulation): number {
  const factor = serviceFactor!(now);
  if (factor >= 0 && factor < Infinity) return factor;
  throw refusal({ pool: name, option: `serviceFactor(${now})` }, factor, 'a finite number from 0');
}
