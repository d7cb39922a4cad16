/** Milliseconds, from the time a request was due to the last byte of its answer. */
export interface Latency {
  readonly mean: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** One second of a run, as it went by. */
export interface SecondReport {
  /** 1 for the first. */
  readonly second: number;
  /** Requests that fell due in it. */
  readonly arrived: number;
  /** Requests that were sent, and that ended, in it. */
  readonly sent: number;
  readonly ok: number;
  readonly failed: number;
  /** Requests at its end: on a connection, and in line for one. */
  readonly open: number;
  readonly waiting: number;
  /** Of those that were answered in it. */
  readonly latency: Latency;
}

/** What a load did. sent + unsent is every arrival of the shape, ok + failed is every one that was sent. */
export interface LoadReport {
  readonly url: string;
  readonly shape: string;
  readonly seed: number;
  /** How long it took, answers included, milliseconds. */
  readonly elapsedMs: number;
  readonly sent: number;
  /** Never sent: still in line for a connection, or not due yet, when the run ended. */
  readonly unsent: number;
  /** Answered with a status below 400. */
  readonly ok: number;
  /** Answered with another status, or not at all. */
  readonly failed: number;
  /** By status, or by error code for those that were not answered: `ECONNREFUSED`, `TIMEOUT`, `UNANSWERED` at the end. */
  readonly byStatus: Readonly<Record<string, number>>;
  /** Requests that found all connections in use and waited in line; their wait is part of their latency. */
  readonly delayed: number;
  /** Requests that were made to fail, by the shape. */
  readonly injected: number;
  /** Of those that were answered, whatever the status. */
  readonly latency: Latency;
  /** Share of what was sent that took longer than the objective or was not answered; `null` without an objective. */
  readonly late: number | null;
  /** The most that the generator itself was behind, milliseconds: more than a few, and it is what needs a faster machine. */
  readonly behindMs: number;
  /** Whether a signal stopped it. */
  readonly stopped: boolean;
  readonly perSecond: readonly SecondReport[];
}

/** Exact, by nearest rank; zeros where there are none. Sorts what it is given. */
export function latencyOf(values: Float64Array): Latency {
  if (values.length === 0) return { mean: 0, p50: 0, p99: 0, max: 0 };
  values.sort();
  const rank = (share: number) => values[Math.ceil(share * values.length) - 1]!;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, p50: rank(0.5), p99: rank(0.99), max: rank(1) };
}
