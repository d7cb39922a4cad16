import type { DryRunOutcome } from '../../core/contract/operation.js';
import type { SimulationOptions } from '../../simulator/simulation-options.js';
import type { Sample } from '../history/pool-record.js';

/** One second of the recording, as far as a replay needs it. */
export type ReplayedSample = Pick<
  Sample,
  'spanMs' | 'arrived' | 'finished' | 'failed' | 'served' | 'serviceMs' | 'serviceMsSquared'
>;

/** What the thread of a dry run is given: all of it can be cloned. */
export interface DryRunJob {
  readonly pool: string;
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
  readonly objectiveMs: number;
  readonly samples: readonly ReplayedSample[];
  readonly present: PlannedRun;
  readonly proposed: PlannedRun;
}

export interface PlannedRun {
  /** As it is told; `null` for a fixed size. */
  readonly policy: DryRunOutcome['policy'];
  readonly options: SimulationOptions;
}
