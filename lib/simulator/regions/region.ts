import type { PoolReading, ResizePort } from '../../core/scaling/contract.js';
import { ControlLoop } from '../../core/scaling/control-loop.js';
import { Pipeline } from '../../core/scaling/pipeline.js';
import type { ResolvedSimulation } from '../resolve-simulation.js';
import { buildSimulated } from '../simulated-policy.js';
import { SimulatedPool } from '../simulated-pool.js';
import { summaryOf } from '../summary.js';
import { VirtualTime } from '../virtual-time.js';
import type { Workload } from '../workload.js';
import type { QuotaOrder, RegionReport } from './messages.js';

/** A quota from some time on, milliseconds. */
export interface QuotaChange {
  readonly at: number;
  readonly quota: number;
}

/**
 * One region: a pool with an autoscaler of its own, which reads that pool and nothing else. All that it knows of the world
 * is its quota, the most workers that it may have. It never waits for an answer.
 */
export class Region implements ResizePort {
  readonly quotas: QuotaChange[];
  readonly faults: string[] = [];
  readonly #time = new VirtualTime();
  readonly #pool: SimulatedPool;
  readonly #loop: ControlLoop;
  readonly #tickMs: number;
  #nextTick: number;
  #nextTask = 0;
  #quota: number;
  #wanted: number;
  #followed = 0;

  constructor(
    readonly index: number,
    readonly workload: Workload,
    readonly options: ResolvedSimulation,
    quota: number,
  ) {
    this.#pool = new SimulatedPool(workload, options, this.#time, null, true);
    const parts = buildSimulated(options, null)!;
    const events = {
      decision: () => undefined,
      flapping: () => undefined,
      fault: (fault: Error) => void this.faults.push(fault.message),
    };
    this.#loop = new ControlLoop(this, this.#time, events, options.scaling.onFault, new Pipeline(parts));
    this.#loop.start();
    this.#nextTick = this.#tickMs = parts.tickMs;
    this.#quota = quota;
    this.#wanted = options.initial;
    this.quotas = [{ at: 0, quota }];
  }

  /** Lives on until this time. */
  advance(untilMs: number): void {
    const { arrivals } = this.workload;
    const pool = this.#pool;
    for (;;) {
      const { nextEnd } = pool;
      const { nextReady } = pool.crew;
      const nextArrival = this.#nextTask < arrivals.length ? arrivals[this.#nextTask]! : Infinity;
      const next = Math.min(nextEnd, nextReady, nextArrival, this.#nextTick);
      if (!(next <= untilMs)) break;
      this.#time.at = next;
      if (nextEnd === next) pool.end();
      else if (nextReady === next) pool.ready();
      else if (nextArrival === next) pool.arrive(this.#nextTask++);
      else this.#tick();
    }
    this.#time.at = untilMs;
  }

  report(): RegionReport {
    const held = Math.max(this.#quota, this.#pool.crew.size);
    return { region: this.index, at: this.#time.at, wanted: this.#wanted, held, followed: this.#followed };
  }

  follow({ number, quota }: QuotaOrder): void {
    this.#followed = number;
    if (quota === this.#quota) return;
    this.#quota = quota;
    this.quotas.push({ at: this.#time.at, quota });
    // At once: others wait for what is taken back.
    if (this.#pool.crew.target > quota) this.#pool.resize(quota);
  }

  /** Its pool, as the autoscaler sees it: the quota is the ceiling. */
  snapshot(): PoolReading {
    const reading = this.#pool.snapshot();
    // Not a copy: statistics that nobody asks for are not computed.
    const max = Math.max(reading.min, this.#quota);
    return Object.create(reading, { max: { value: max, enumerable: true } }) as PoolReading;
  }

  resize(target: number): void {
    this.#pool.resize(target);
  }

  onQueued(listener: () => void): () => void {
    return this.#pool.onQueued(listener);
  }

  /** The end: what became of it all. */
  close(): ReturnType<typeof summaryOf> {
    this.#loop.stop();
    return summaryOf(this.#pool, this.#nextTask);
  }

  #tick(): void {
    this.#loop.tick();
    this.#nextTick += this.#tickMs;
    this.#wanted = this.#loop.decisions(1)[0]?.proposed ?? this.#wanted;
  }
}
