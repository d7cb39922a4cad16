import type { PoolCounters, PoolState, WaitStats, DurationStats } from '../contract/snapshot.js';
import type { LoadReading, PoolReading, WorkerReading } from '../scaling/contract.js';
import type { Counters } from './counters.js';
import type { Crew } from './crew.js';
import type { Dispatcher } from './dispatcher.js';

/**
 * What a controller goes by, a fraction of what a snapshot costs: what is dear is looked up when it is asked for, so ask
 * within the turn in which the reading was made.
 */
export class LiveReading implements PoolReading {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly target: number;
  readonly size: number;
  readonly starting: number;
  readonly live: number;
  readonly busy: number;
  readonly queueDepth: number;
  readonly queueCapacity: number;
  readonly concurrency: number;
  #counters: PoolCounters | null = null;
  #load: LoadReading | null = null;
  #wait: WaitStats | null = null;
  #service: DurationStats | null = null;
  readonly #crew: Crew;
  readonly #dispatcher: Dispatcher;
  readonly #sums: Counters;

  constructor(
    readonly state: PoolState,
    readonly override: object | null,
    crew: Crew,
    dispatcher: Dispatcher,
    sums: Counters,
  ) {
    const { options, roster } = crew;
    this.#crew = crew;
    this.#dispatcher = dispatcher;
    this.#sums = sums;
    this.name = options.name;
    this.min = options.min;
    this.max = options.max;
    this.target = crew.target;
    let [starting, busy] = [0, 0];
    for (const member of roster.members.values()) {
      if (member.state === 'starting') starting++;
      if (member.isBusy) busy++;
    }
    this.starting = starting;
    this.busy = busy;
    this.size = roster.members.size;
    this.live = this.size - starting;
    this.queueDepth = dispatcher.ledger.depth;
    this.queueCapacity = options.queueCapacity;
    this.concurrency = options.concurrency;
  }

  get counters(): PoolCounters {
    return (this.#counters ??= this.#sums.read());
  }

  get load(): LoadReading {
    return (this.#load ??= this.#dispatcher.ledger.load.read());
  }

  get wait(): WaitStats {
    return (this.#wait ??= this.#readWait());
  }

  get service(): DurationStats {
    return (this.#service ??= this.#dispatcher.ledger.service.read(this.#crew.clock.now()));
  }

  get workers(): readonly WorkerReading[] {
    return [...this.#crew.roster.members.values()].map((member) => ({
      state: member.state,
      threadId: member.threadId,
      ...member.worker.vitals(),
    }));
  }

  #readWait(): WaitStats {
    const now = this.#crew.clock.now();
    const { ledger, oldest } = this.#dispatcher;
    const { mean, p50, p99, max } = ledger.wait.read(now);
    return { mean, p50, p99, max, oldest: oldest ? now - oldest.waitsSince : 0 };
  }
}
