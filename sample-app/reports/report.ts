/** A column whose every value is a number. `standardDeviation` is the sample's; quantiles are interpolated. */
export interface NumberColumn {
  readonly name: string;
  readonly type: 'number';
  readonly count: number;
  readonly missing: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly standardDeviation: number;
  readonly median: number;
  readonly p90: number;
  readonly p99: number;
}

/** Any other column. `top` holds its most frequent values, at most ten. */
export interface TextColumn {
  readonly name: string;
  readonly type: 'text';
  readonly count: number;
  readonly missing: number;
  readonly distinct: number;
  readonly top: readonly { readonly value: string; readonly count: number }[];
}

export type ColumnStatistics = NumberColumn | TextColumn;

export interface ReportSummary {
  readonly id: string;
  readonly name: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly rows: number;
}

export interface Report extends ReportSummary {
  readonly columns: readonly ColumnStatistics[];
}
