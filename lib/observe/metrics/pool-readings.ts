import type { WorkerExitReason } from '../../core/contract/events.js';
import type { HistogramReading, PoolHistograms } from '../../core/contract/histograms.js';
import type { PoolSnapshot } from '../../core/contract/snapshot.js';
import type { AutoscalerHealth } from '../../core/scaling/control-loop.js';

export type Labels = Readonly<Record<string, string>>;

/** What became of a decision: it changed the target; it was kept from changing it; it called for no change. */
export type Outcome = 'applied' | 'held' | 'unchanged';

/** All that the metrics of one pool are computed from, of one instant. */
export interface PoolReadings {
  readonly labels: Labels;
  readonly snapshot: PoolSnapshot;
  readonly histograms: PoolHistograms;
  /** Tasks in quarantine. */
  readonly quarantined: number;
  /** `null` with `scaling: false`, and so the objective. */
  readonly autoscaler: AutoscalerHealth | null;
  readonly objectiveMs: number | null;
  readonly decisions: Readonly<Record<Outcome, number>>;
  readonly exits: Readonly<Record<WorkerExitReason, number>>;
  /** The parts of the pool's counts that belong to each task; `null` without `taskLabel`. */
  readonly tasks: readonly TaskReadings[] | null;
}

/** How many tasks there were of each kind. */
export interface TaskCounts {
  readonly submitted: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly dropped: number;
}

export interface TaskReadings {
  readonly labels: Labels;
  readonly counters: TaskCounts;
  readonly histograms: { readonly wait: HistogramReading; readonly service: HistogramReading };
}
