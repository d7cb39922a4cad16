import { loadOf, type PoolDemand } from '../scaling/guards/pool-demand.js';
import { lateRate } from './late-rate.js';

/** A pool among which workers are to be divided. */
export interface Need {
  readonly min: number;
  readonly max: number;
  readonly demand: PoolDemand;
}

/** Some workers more for one pool, and by how much each of them lowers its late rate. */
interface Step {
  readonly index: number;
  readonly workers: number;
  readonly benefit: number;
}

/**
 * Divides workers among pools by marginal benefit (B. Fox, "Discrete optimization via marginal analysis", 1966): floors
 * first, then each worker to the pool whose late rate falls most by it. Above the load the late rate is convex in the
 * workers (A. A. Jagers and E. A. van Doorn, "Convexity of functions which are generalizations of the Erlang loss
 * function and the Erlang delay function", 1991), and what comes out is best. Around the load several workers may only
 * help together; they are then given together, by what each of them does on average.
 *
 * Workers that no pool has any use for, or that none can take, are not given. The floors must fit into `workers`.
 */
export function divide(workers: number, needs: readonly Need[]): readonly number[] {
  const sizes = needs.map(({ min }) => min);
  let left = sizes.reduce((rest, min) => rest - min, workers);
  const rates = needs.map(({ demand }) => remembered((size) => lateRate(demand, size)));
  while (left > 0) {
    let best: Step | null = null;
    for (const [index, { max, demand }] of needs.entries()) {
      const load = loadOf(demand);
      const most = Math.min(max, sizes[index]! + left);
      const step = { index, ...bestStep(rates[index]!, sizes[index]!, most, load) };
      if (step.benefit > (best?.benefit ?? 0)) best = step;
    }
    if (best === null) break;
    sizes[best.index]! += best.workers;
    left -= best.workers;
  }
  return sizes;
}

/** How many workers more help most, by what each does on average. */
function bestStep(rateOf: (size: number) => number, size: number, most: number, load: number): Omit<Step, 'index'> {
  let best = { workers: 0, benefit: 0 };
  for (let to = size + 1; to <= most; to++) {
    const benefit = (rateOf(size) - rateOf(to)) / (to - size);
    if (benefit > best.benefit) best = { workers: to - size, benefit };
    // Above the load each does less than the one before.
    else if (to > load + 1) break;
  }
  return best;
}

function remembered(rateOf: (size: number) => number): (size: number) => number {
  const known = new Map<number, number>();
  return (size) => {
    const rate = known.get(size) ?? rateOf(size);
    known.set(size, rate);
    return rate;
  };
}
