import type { ReportRow } from '../../lib/simulator/report.js';
import type { LoadSource } from './loads.js';

/** One load drawn from one seed: what a thread judges all policies on. */
export interface Job {
  readonly source: LoadSource;
  readonly seed: number;
  /** Arrivals per second on average. */
  readonly mean: number;
  /** Whether to draw a picture of `balanced` as well. */
  readonly draw: boolean;
}

export interface Judged {
  readonly rows: readonly ReportRow[];
  /** An SVG. */
  readonly picture: string | null;
}
