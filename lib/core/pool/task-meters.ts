import type { TaskStats } from '../contract/snapshot.js';
import type { TaskTiming } from '../engine.js';
import { Ewma } from '../stats/ewma.js';

/** Weight of the newest run: the mean covers about the last 20. */
const ALPHA = 0.1;
/** Runs before a verdict on whether sending the task away pays. */
const RUNS_FOR_VERDICT = 20;

/** Of the longest run so far this share is left after each shorter one: a surprise is forgotten in about 80 runs. */
const FORGETTING = 0.95;
/** No task counts as shorter than this, milliseconds. */
const SHORTEST_MS = 0.001;

interface Meter {
  count: number;
  failed: number;
  inlined: number;
  /** Decayed maximum of the service time; infinite before the first run. */
  longestMs: number;
  readonly service: Ewma;
  readonly clone: Ewma;
  readonly dispatch: Ewma;
}

/** What each task of a pool costs, by name. */
export class TaskMeters {
  readonly #meters = new Map<string, Meter>();

  record(task: string, ok: boolean, timing: TaskTiming): void {
    const meter = this.#meter(task);
    measure(meter, ok, timing.serviceMs);
    meter.clone.add(timing.cloneMs);
    meter.dispatch.add(timing.dispatchMs);
  }

  /** A task ran on the calling thread. */
  recordHere(task: string, ok: boolean, serviceMs: number): void {
    const meter = this.#meter(task);
    measure(meter, ok, serviceMs);
    meter.inlined++;
  }

  /** A task that failed without having run to an end. */
  recordLoss(task: string): void {
    const meter = this.#meter(task);
    meter.count++;
    meter.failed++;
  }

  /** What a run of this task may be expected to take at most, milliseconds; infinite for one that never ran. */
  longestServiceMs(task: string): number {
    return this.#meters.get(task)?.longestMs ?? Infinity;
  }

  /** The mean service time, milliseconds; infinite until there were enough runs for a verdict. */
  learnedServiceMs(task: string): number {
    const meter = this.#meters.get(task);
    return meter && meter.count - meter.failed >= RUNS_FOR_VERDICT ? meter.service.value : Infinity;
  }

  read(): Readonly<Record<string, TaskStats>> {
    const stats = Object.create(null) as Record<string, TaskStats>;
    for (const [name, meter] of this.#meters) {
      const serviceMs = meter.service.value;
      const cost = meter.clone.value + meter.dispatch.value;
      stats[name] = Object.freeze({
        count: meter.count,
        failed: meter.failed,
        inlined: meter.inlined,
        serviceMs,
        cloneMs: meter.clone.value,
        dispatchMs: meter.dispatch.value,
        worthOffloading: meter.count < RUNS_FOR_VERDICT ? null : serviceMs > cost,
      });
    }
    return Object.freeze(stats);
  }

  #meter(task: string): Meter {
    let meter = this.#meters.get(task);
    if (!meter) {
      meter = {
        count: 0,
        failed: 0,
        inlined: 0,
        longestMs: Infinity,
        service: new Ewma(ALPHA),
        clone: new Ewma(ALPHA),
        dispatch: new Ewma(ALPHA),
      };
      this.#meters.set(task, meter);
    }
    return meter;
  }
}

function measure(meter: Meter, ok: boolean, serviceMs: number): void {
  meter.count++;
  if (!ok) meter.failed++;
  meter.service.add(serviceMs);
  const remembered = meter.longestMs === Infinity ? SHORTEST_MS : meter.longestMs * FORGETTING;
  meter.longestMs = Math.max(serviceMs, remembered, SHORTEST_MS);
}
