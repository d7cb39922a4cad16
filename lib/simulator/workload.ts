/** What a simulated pool is asked to do: one entry a task, in the order of arrival. */
export interface Workload {
  readonly name: string;
  /** Milliseconds; all arrivals lie before. */
  readonly durationMs: number;
  /** Times of arrival, milliseconds from the start, ascending. */
  readonly arrivals: Float64Array;
  /** Service times in milliseconds. */
  readonly services: Float64Array;
  /** 1 for a task that will fail. Left out where none does. */
  readonly failures?: Uint8Array;
}
