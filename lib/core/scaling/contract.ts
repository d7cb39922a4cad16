/**
 * The parts of the control loop. Each can be replaced and is tested alone; `now` is passed in, in milliseconds on the
 * clock of the autoscaler, and nothing here asks the time, sleeps or does I/O.
 *
 * signals → (forecast) → decider → guards → resize → decision
 */

/**
 * What a controller reads of a pool; a `PoolSnapshot` is one. What a foreign pool cannot tell it leaves out, and policies
 * that need it say so.
 */
export interface PoolReading {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** The size that is wanted. */
  readonly target: number;
  /** starting + live */
  readonly size: number;
  readonly starting: number;
  readonly live: number;
  readonly busy: number;
  readonly queueDepth: number;
  readonly queueCapacity?: number;
  /** Tasks that one worker may run at the same time, a whole number. Default 1. */
  readonly concurrency?: number;
  /** While it is `paused` the size stays: nothing would use more workers. */
  readonly state?: string;
  /** A size pinned by a person: the autoscaler stands aside. */
  readonly override?: object | null;
  readonly counters?: { readonly submitted: number; readonly completed: number; readonly failed: number };
  /** Milliseconds. */
  readonly wait?: { readonly mean: number; readonly p50: number; readonly p99: number; readonly oldest: number };
  readonly service?: { readonly mean: number };
  readonly load?: LoadReading;
  readonly workers?: readonly WorkerReading[];
}

/** What a controller reads of one worker; 0 stands for what was not measured. */
export interface WorkerReading {
  readonly state?: string;
  /** `null` before the thread is ready, and for what runs on the main thread. */
  readonly threadId?: number | null;
  readonly heapMb?: number;
  /** Event-loop utilization, 0..1. */
  readonly elu?: number;
  readonly loopDelayMs?: number;
}

/** Sums since the pool was created; a controller takes the difference of two readings. Exact at any traffic, fixed in size. */
export interface LoadReading {
  /** Tasks that have started. */
  readonly started: number;
  /** Of those, how many had waited longer than the objective. */
  readonly late: number;
  /** Tasks that have ended after they had started. */
  readonly served: number;
  /** Sum of their service times in milliseconds, and of the squares. */
  readonly serviceMs: number;
  readonly serviceMsSquared: number;
}

/** Anything that can be resized. */
export interface ResizePort {
  snapshot(): PoolReading;
  /** What the snapshot tells, for less, where there is such a thing; it is asked within the turn in which it was made. */
  read?(): PoolReading;
  /** Asked for only where `target` differs from the snapshot's, and within its bounds. */
  resize(target: number, options?: { reason?: string }): Promise<void> | void;
  /** What is asked for in place of `resize`, where a controller's wish is not a person's. */
  scale?(target: number, options?: { reason?: string }): Promise<void> | void;
  /** Calls back soon after tasks were left waiting because no worker was free; returns how to stop that. */
  onQueued?(listener: () => void): () => void;
}

/** One measurement. `read` is synchronous: the last value and the time it was taken, or `null` where there is none yet. */
export interface Signal {
  read(now: number): SignalValue | null;
  /** Told of the pool before each read; for signals that are computed from readings. */
  observe?(reading: PoolReading, now: number): void;
  /** Lets go of timers and connections. */
  close?(): void;
  /** How old a value may be, milliseconds, where it is taken less often than once a tick. Default: what its reader says. */
  readonly staleAfterMs?: number;
}

export interface SignalValue {
  readonly value: number;
  readonly at: number;
}

/** What a decider and the guards go by. `signals` holds those that are fresh and finite, by name. */
export interface DecisionInput {
  readonly now: number;
  readonly snapshot: PoolReading;
  readonly signals: Readonly<Record<string, number>>;
}

/** `why` is a sentence for people, without the numbers of the resize itself. */
export interface Proposal {
  readonly target: number;
  readonly why: string;
}

/** Proposes a size. It may keep state; it is asked once a tick, and where `onQueued` is set also when tasks wait. */
export interface Decider {
  decide(input: DecisionInput): Proposal;
  /** Tasks were left waiting: the size that this calls for at once, or `null`. */
  onQueued?(input: DecisionInput): Proposal | null;
  /** Names of the signals it goes by: where one is missing or stale it is not asked, and the size stays. */
  readonly needs?: readonly string[];
}

/**
 * May hold or trim a proposal; never moves it past what was proposed, nor past where the pool is. Only what is hard, the
 * bounds, the budget and the worker-hours, also brings a pool back that stands outside.
 */
export interface Guard {
  apply(proposal: Proposal, input: DecisionInput): { readonly target: number; readonly heldBy?: string };
  /** A resize was really applied, by this autoscaler or by anybody else. */
  resized?(from: number, to: number, now: number): void;
}

/** The workers that will be needed, or `null`; the target is the higher of it and of what the decider proposes. */
export interface Forecast {
  predict(now: number): number | null;
  /** Told of the pool before each prediction. */
  observe?(reading: PoolReading, now: number): void;
}

/** One evaluation, kept whether or not it changed anything. */
export interface Decision {
  readonly seq: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly pool: string;
  readonly from: number;
  readonly proposed: number;
  readonly to: number;
  /** Which guard, override or fault changed or stopped the proposal. */
  readonly heldBy: string | null;
  /** A sentence that a person understands; where it was repeated, that of the last time, and so the signals. */
  readonly reason: string;
  readonly signals: Readonly<Record<string, number>>;
  /** How often it was repeated without a change, and when for the last time, milliseconds since the epoch. */
  readonly repeated: number;
  readonly lastAt: number;
}
