import { requireWorkload, type Workload } from '../workload.js';
import { bestStatic } from './best-static.js';
import { greedyPlan, type Plan } from './greedy-plan.js';
import { requireMissPct, resolveOracle, type OracleOptions, type ResolvedOracle } from './oracle-options.js';
import { replayed } from './replay.js';
import { Trellis } from './trellis.js';
import { WindowQueue } from './window-queue.js';

/** The best that was found with knowledge of the load. */
export interface OraclePlan {
  readonly workerMs: number;
  /** Tasks that wait longer than the objective, percent. */
  readonly missPct: number;
  /** One for each window. */
  readonly sizes: readonly number[];
  /** Whether it misses no more than was allowed; `false` where even the most workers, throughout, miss more. */
  readonly isWithin: boolean;
}

/** What a miss may be worth is a power of two, so many to a doubling; in milliseconds of a worker. */
const STEPS = 64;
/** A miss is worth a worker for four seconds: some tenths of a percent then miss. */
const FIRST = 12 * STEPS;
/** A thousandth of a millisecond: nothing. */
const LOWEST = -10 * STEPS;
/** More than all workers cost in the longest window there is. */
const HIGHEST = 45 * STEPS;

/**
 * What a policy is measured against (DESIGN, "How policies are judged"). It knows every arrival and service time, and sets
 * one size for each window of five seconds: by greedy choice of the cheapest, where a miss has a price, and that price is
 * bisected until no more than the allowed share of tasks misses. New workers are started so early that they are live when
 * their window begins, and cost from then on.
 *
 * Every plan can be carried out, and was: it is replayed in an exact queue. It is no lower bound: with windows of one
 * second the same search is 9 to 24 % cheaper, since it then follows the load closer, and greedy choices are not
 * optimal.
 *
 * Plans that were found are kept: to ask for another share of misses costs little.
 */
export class Oracle {
  readonly workload: Workload;
  readonly options: ResolvedOracle;
  readonly #trellis: Trellis;
  readonly #plans = new Map<number, Plan>();
  readonly #found = new Map<number, OraclePlan>();

  /** @throws PoolConfigError that names the option, the value and what is allowed. */
  constructor(workload: Workload, options: OracleOptions = {}) {
    this.workload = requireWorkload(workload);
    this.options = resolveOracle(options);
    this.#trellis = new Trellis(new WindowQueue(workload, this.options));
  }

  /**
   * The cheapest plan found that misses no more than `missPct` percent. Default 1.
   * @throws PoolConfigError where that is no percentage.
   */
  plan(missPct = 1): OraclePlan {
    requireMissPct(missPct);
    let found = this.#found.get(missPct);
    if (found === undefined) this.#found.set(missPct, (found = this.#search(missPct)));
    return found;
  }

  #search(missPct: number): OraclePlan {
    const most = (missPct / 100) * this.workload.arrivals.length;
    let best = this.#constant(missPct);
    const isWithin = (price: number) => {
      const plan = this.#priced(price);
      if (plan.misses > most) return false;
      if (best.misses > most || plan.workerMs < best.workerMs) best = plan;
      return true;
    };
    let [low, high] = bracket(isWithin);
    while (high - low > 1) {
      const price = (low + high) >> 1;
      if (isWithin(price)) high = price;
      else low = price;
    }
    const { workerMs, missPct: missed, sizes } = replayed(this.workload, best.sizes, this.options);
    return { workerMs, missPct: missed, sizes, isWithin: best.misses <= most };
  }

  #priced(price: number): Plan {
    let plan = this.#plans.get(price);
    if (plan === undefined) this.#plans.set(price, (plan = greedyPlan(this.#trellis, 2 ** (price / STEPS))));
    return plan;
  }

  /** Greedy choices may come to more than no choice at all. */
  #constant(missPct: number): Plan {
    const size = bestStatic(this.workload, missPct, this.options);
    const sizes = Array.from({ length: this.#trellis.queue.windows }, () => size);
    return replayed(this.workload, sizes, this.options);
  }
}

/**
 * A price by which too much is missed, and a higher one by which not: by steps that double, since at low prices tasks pile
 * up, and such plans take long to find.
 */
function bracket(isWithin: (price: number) => boolean): [low: number, high: number] {
  let [low, high] = [FIRST, FIRST];
  if (isWithin(FIRST)) {
    for (let stride = STEPS; low > LOWEST; stride *= 2) {
      low = Math.max(LOWEST, high - stride);
      if (!isWithin(low)) break;
      high = low;
    }
  } else {
    for (let stride = STEPS; high < HIGHEST; stride *= 2) {
      high = Math.min(HIGHEST, low + stride);
      if (isWithin(high)) break;
      low = high;
    }
  }
  return [low, high];
}

/** The plan of an oracle for one workload: see `Oracle`. Default 1 % of misses. */
export function oracle(workload: Workload, options: OracleOptions & { readonly missPct?: number } = {}): OraclePlan {
  const { missPct, ...others } = options;
  return new Oracle(workload, others).plan(missPct);
}
