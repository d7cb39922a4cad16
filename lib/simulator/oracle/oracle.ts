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

/** What a miss may be worth is searched among powers of two, so many to a doubling, milliseconds of a worker. */
const STEPS = 16;
/** From a thousandth of a millisecond: nothing. */
const LOWEST = -10 * STEPS;
/** To more than all workers cost in the longest window there is. */
const HIGHEST = 40 * STEPS;

/**
 * What a policy is measured against (DESIGN, "How policies are judged"). It knows every arrival and service time, and sets
 * one size for each window of five seconds: by greedy choice of the cheapest, where a miss has a price, and that price is
 * bisected until no more than the allowed share of tasks misses. New workers are started so early that they are live when
 * their window begins, and cost from then on.
 *
 * Every plan can be carried out, and was: it is replayed in an exact queue. It is no lower bound: with windows of one
 * second the same search is some percent cheaper, since it then follows the load closer, and greedy choices are not
 * optimal. A policy may therefore be cheaper than it at the same misses; none was seen to be for long.
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
    let [low, high] = [LOWEST, HIGHEST];
    while (low <= high) {
      const price = (low + high) >> 1;
      const plan = this.#priced(price);
      if (plan.misses <= most && (best.misses > most || plan.workerMs < best.workerMs)) best = plan;
      if (plan.misses <= most) high = price - 1;
      else low = price + 1;
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

/** The plan of an oracle for one workload: see `Oracle`. Default 1 % of misses. */
export function oracle(workload: Workload, options: OracleOptions & { readonly missPct?: number } = {}): OraclePlan {
  const { missPct, ...others } = options;
  return new Oracle(workload, others).plan(missPct);
}
