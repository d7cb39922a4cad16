/** Durations since the pool was created, every one of them counted; what Prometheus calls a histogram. */
export interface HistogramReading {
  /** Upper bounds, milliseconds, ascending; the same for all pools. */
  readonly boundsMs: readonly number[];
  /** How many durations were up to the bound in the same place, the bound included: each counts those below as well. */
  readonly counts: readonly number[];
  /** How many there were. */
  readonly count: number;
  /** Their sum, milliseconds. */
  readonly sumMs: number;
}

/** Unlike `snapshot().wait` and `.service`, of all the time since the pool was created, and whatever `stats.sampleEvery` says. */
export interface PoolHistograms {
  /** Accepted to started, of each task that has started; its count is `snapshot().load.started`. */
  readonly wait: HistogramReading;
  /** Started to ended, of each task that has ended after it had started; its count is `snapshot().load.served`. */
  readonly service: HistogramReading;
}
