/** What is looked at. */
export interface Samples {
  /** CPU time of this process per second: the cores that it keeps busy. */
  readonly cpu: number;
  /** CPU that it may use, in cores, by quota and affinity. */
  readonly 'usable-cores': number;
  /** Part of the scheduling periods in which the cgroup was held back by its quota, 0..1. */
  readonly throttling: number;
  /** Seconds per second that all threads together were ready to run and had no core. */
  readonly 'run-queue': number;
  /** Utilization of the event loop of the thread that samples, 0..1. */
  readonly 'main-loop': number;
  readonly memory: MemorySample;
}

/** Bytes, of the cgroup that has the least left. */
export interface MemorySample {
  readonly limit: number;
  /** What the kernel cannot take back: without page cache that nobody used lately. */
  readonly used: number;
}

export interface Sample<T> {
  readonly value: T;
  readonly at: number;
}

/** Looks once; `null` where there is nothing to tell, as at the first look for something that is a difference. */
export type Probe<T> = (now: number) => T | null;
