import type { PoolHistograms } from '../../core/contract/histograms.js';
import { CumulativeHistogram } from '../../core/stats/cumulative-histogram.js';
import type { Labels, TaskCounts, TaskReadings } from './pool-readings.js';

/** Tasks of a pool that have a label of their own; each costs some forty series. */
export const MOST_TASKS = 100;

/** The label of all others. */
export const OTHER = 'other';

/** Counts and durations of one task, or of the others. */
export class TaskTally {
  submitted = 0;
  completed = 0;
  failed = 0;
  cancelled = 0;
  dropped = 0;
  readonly wait: CumulativeHistogram;
  readonly service: CumulativeHistogram;

  /** Goes on from where the pool stood, if that is given. */
  constructor(
    readonly labels: Labels,
    counters?: TaskCounts,
    histograms?: PoolHistograms,
  ) {
    if (counters) {
      const { submitted, completed, failed, cancelled, dropped } = counters;
      Object.assign(this, { submitted, completed, failed, cancelled, dropped });
    }
    this.wait = new CumulativeHistogram(histograms?.wait);
    this.service = new CumulativeHistogram(histograms?.service);
  }

  read(): TaskReadings {
    const { labels, submitted, completed, failed, cancelled, dropped } = this;
    return {
      labels,
      counters: { submitted, completed, failed, cancelled, dropped },
      histograms: { wait: this.wait.read(), service: this.service.read() },
    };
  }
}

/**
 * The counts of a pool divided among its tasks, of which the first hundred have a tally of their own. What the pool had
 * counted before anybody listened belongs to the others, so that the sums are the pool's.
 */
export class TaskTallies {
  readonly #byName = new Map<string, TaskTally>();
  readonly #byLabel = new Map<string, TaskTally>();
  readonly #other: TaskTally;

  constructor(
    readonly pool: string,
    counters: TaskCounts,
    histograms: PoolHistograms,
  ) {
    this.#other = new TaskTally({ pool, task: OTHER }, counters, histograms);
    this.#byLabel.set(OTHER, this.#other);
  }

  of(task: string): TaskTally {
    return this.#byName.get(task) ?? this.#meet(task);
  }

  read(): TaskReadings[] {
    const told = [...this.#byLabel.values()].filter((tally) => tally !== this.#other || tally.submitted > 0);
    return told.map((tally) => tally.read());
  }

  #meet(task: string): TaskTally {
    if (this.#byName.size >= MOST_TASKS) return this.#other;
    // UTF-8 has no lone surrogates: names that differ in those alone look the same to Prometheus.
    const label = task.replace(/\p{Surrogate}/gu, '\uFFFD');
    const tally = this.#byLabel.get(label) ?? new TaskTally({ pool: this.pool, task: label });
    this.#byName.set(task, tally);
    this.#byLabel.set(label, tally);
    return tally;
  }
}
