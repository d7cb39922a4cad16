import { LONGEST_DELAY_MS } from '../../clock.js';
import type { Decider, DecisionInput, Proposal } from '../contract.js';
import { leastServers } from '../queueing/erlang-c.js';
import type { SpecReader } from '../spec-reader.js';
import { serversOf, workersFor } from '../servers.js';
import { percent, stay, told } from '../wording.js';
import { LoadMeter, type LoadEstimate } from './balanced/load-meter.js';
import { MissBudget } from './balanced/miss-budget.js';
import { NeedHistory } from './balanced/need-history.js';
import { isAlarming } from './balanced/queue-surprise.js';

/**
 * The default. The least workers with which queueing theory expects few enough tasks to be late (M/M/c, corrected for
 * the variation of service times and arrivals), where "few enough" is turned until the misses that are measured are
 * those that may be spent. It grows when twice and a half as many would be late, at once when a queue is longer than
 * chance explains, and lets a spare go when it has cost `spareSeconds`. It goes by the pool's counters alone.
 */
export interface BalancedSpec {
  readonly type: 'balanced';
  /** For the wait, milliseconds. Default: the policy's. Late tasks are counted by the pool, by the pool's own objective. */
  readonly objectiveMs?: number;
  /** Worker-seconds that spare workers cost before they are let go. Default 75. */
  readonly spareSeconds?: number;
  /** Share of tasks that may be late, above 0 and below 1: it is spent, not undercut. Default 0.004. */
  readonly miss?: number;
  /** Longest look back before workers are let go, milliseconds. Default 120,000, or as long as one spare is kept. */
  readonly memoryMs?: number;
}

/** What a spare may cost, worker-seconds: dear enough that a lull of a minute keeps one, cheap enough that ten are gone in 8 s. */
const SPARE_SECONDS = 75;
/** Share of late tasks to spend: well inside the 1 of 100 that the objective for the 99th percentile allows. */
const MISS = 0.004;
/** Longest look back, milliseconds: what was not needed for two minutes says nothing of the next one. */
const MEMORY_MS = 120_000;
/** It grows only once so many times the share would be late, so that a load on the edge of a size does not flap. */
const URGENT = 2.5;
/** One task that waits is not a queue. */
const LEAST_QUEUE = 2;
/** A queue is to be worked off in this part of the objective: those at its end have waited for the rest. */
const CLEARING = 0.5;

export function balanced(read: SpecReader): Decider {
  read.only(['objectiveMs', 'spareSeconds', 'miss', 'memoryMs']);
  const objectiveMs = read.durationMs('objectiveMs', read.objectiveMs);
  const spareSeconds = read.number('spareSeconds', { above: 0, to: LONGEST_DELAY_MS / 1_000 }, SPARE_SECONDS);
  const miss = read.number('miss', { above: 0, below: 1 }, MISS);
  const memoryMs = read.ticksMs('memoryMs', Math.max(MEMORY_MS, spareSeconds * 1_000));
  if (memoryMs < spareSeconds * 1_000) {
    throw read.refusal('memoryMs', `at least spareSeconds, ${spareSeconds} s: the last spare would never be let go`);
  }
  return new Balanced(objectiveMs, new MissBudget(miss), new NeedHistory(spareSeconds, memoryMs));
}

class Balanced implements Decider {
  readonly #meter = new LoadMeter();
  /** The largest target that this decider brought about itself, at its last look. */
  #expected: number | null = null;

  constructor(
    readonly objectiveMs: number,
    readonly budget: MissBudget,
    readonly history: NeedHistory,
  ) {}

  decide(input: DecisionInput): Proposal {
    this.#noticeGrowth(input);
    return this.#expecting(input, this.#decide(input));
  }

  /** Who grows the pool by hand (`resize`, `prewarm`) needs it: that counts as any need does, and lasts as long. */
  #noticeGrowth({ snapshot: { target }, now }: DecisionInput): void {
    if (this.#expected !== null && target > this.#expected) this.history.remember(now, target);
    this.#expected = target;
  }

  #expecting<P extends Proposal | null>({ snapshot: { target } }: DecisionInput, proposal: P): P {
    this.#expected = Math.max(target, this.#expected ?? target, proposal?.target ?? target);
    return proposal;
  }

  #decide(input: DecisionInput): Proposal {
    const { snapshot, now } = input;
    const { target, max } = snapshot;
    this.#meter.observe(snapshot, now);
    this.budget.observe(snapshot, now);
    const estimate = this.#meter.read();
    if (estimate === null) return probe(input) ?? stay(input, 'no task has ended yet, so that their length is unknown');
    if (!this.#meter.isRateKnown) return stay(input, 'it has not yet counted arrivals for a while');
    const { share } = this.budget;
    const need = this.#size(input, estimate, share);
    this.history.remember(now, need);
    const load = `a load of ${told(estimate.load / serversOf(1, snapshot))} workers`;
    const urgent = Math.min(1, URGENT * share);
    if (this.#size(input, estimate, urgent) > target) {
      const late = `more than ${percent(urgent)} of the tasks would wait over ${told(this.objectiveMs)} ms`;
      return { target: need, why: `${late} under ${load}` };
    }
    if (estimate.load >= serversOf(max, snapshot) && target >= max) {
      return stay(input, `the most that it may have, ${max}, are too few for ${load}`);
    }
    const released = this.history.releasedSize(now, target);
    if (released === null) return stay(input, `the size suits ${load}`);
    const { size, overMs } = released;
    return { target: size, why: `no more than ${size} were needed in the last ${told(overMs / 1_000)} s` };
  }

  onQueued(input: DecisionInput): Proposal | null {
    return this.#expecting(input, this.#onQueued(input));
  }

  #onQueued(input: DecisionInput): Proposal | null {
    const { snapshot, now } = input;
    const { queueDepth: queue, busy, max } = snapshot;
    const workers = snapshot.live + snapshot.starting;
    this.#meter.observeService(snapshot);
    const estimate = this.#meter.read();
    if (estimate === null) return probe(input);
    if (queue < LEAST_QUEUE || !isAlarming(queue, serversOf(workers, snapshot), estimate, this.objectiveMs))
      return null;
    const { rate, fastRate, serviceMs } = estimate;
    const load = (Math.max(rate, fastRate) * serviceMs) / 1_000;
    const clearing = workersFor(load + (queue * serviceMs) / (CLEARING * this.objectiveMs), snapshot);
    const size = Math.min(max, busy + workersFor(queue, snapshot), clearing);
    this.history.remember(now, size);
    if (size <= snapshot.target) return null;
    return { target: size, why: `${queue} tasks wait, more than ${workers} workers leave waiting by chance` };
  }

  /** The least size within the bounds at which no more than `late` of the tasks are expected to be late. */
  #size({ snapshot }: DecisionInput, { load, serviceMs, variation }: LoadEstimate, late: number): number {
    const { min, max } = snapshot;
    const most = serversOf(max, snapshot);
    return Math.max(min, workersFor(leastServers(load, late, this.objectiveMs / serviceMs, variation, most), snapshot));
  }
}

/** While nobody knows how long a task takes, the queue alone tells: one worker more, until all that wait will have one. */
function probe({ snapshot }: DecisionInput): Proposal | null {
  const { target, starting, queueDepth } = snapshot;
  if (serversOf(starting, snapshot) >= queueDepth) return null;
  const waiting = queueDepth === 1 ? '1 task waits' : `${queueDepth} tasks wait`;
  return { target: target + 1, why: `${waiting}, and how long one takes is not yet known` };
}
