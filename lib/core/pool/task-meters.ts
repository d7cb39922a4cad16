import type { TaskStats } from '../contract/snapshot.js';
import type { TaskTiming } from '../engine.js';
import { Ewma } from '../stats/ewma.js';

/** Weight of the newest run: the mean covers about the last 20. */
const ALPHA = 0.1;
/** Runs before a verdict on whether sending the task away pays. */
const RUNS_FOR_VERDICT = 20;

interface Meter {
  count: number;
  failed: number;
  readonly service: Ewma;
  readonly clone: Ewma;
  readonly dispatch: Ewma;
}

/** What each task of a pool costs, by name. */
export class TaskMeters {
  readonly #meters = new Map<string, Meter>();

  record(task: string, ok: boolean, timing: TaskTiming): void {
    const meter = this.#meter(task);
    meter.count++;
    if (!ok) meter.failed++;
    meter.service.add(timing.serviceMs);
    meter.clone.add(timing.cloneMs);
    meter.dispatch.add(timing.dispatchMs);
  }

  /** A task that failed without having run to an end. */
  recordLoss(task: string): void {
    const meter = this.#meter(task);
    meter.count++;
    meter.failed++;
  }

  read(): Readonly<Record<string, TaskStats>> {
    const stats = Object.create(null) as Record<string, TaskStats>;
    for (const [name, meter] of this.#meters) {
      const serviceMs = meter.service.value;
      const cost = meter.clone.value + meter.dispatch.value;
      stats[name] = Object.freeze({
        count: meter.count,
        failed: meter.failed,
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
      meter = { count: 0, failed: 0, service: new Ewma(ALPHA), clone: new Ewma(ALPHA), dispatch: new Ewma(ALPHA) };
      this.#meters.set(task, meter);
    }
    return meter;
  }
}
