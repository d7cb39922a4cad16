import type { ResolvedOracle } from './oracle-options.js';
import type { Step, Trellis, TrellisNode } from './trellis.js';

/** Sizes, one for each window, and what they come to. */
export interface Plan {
  readonly sizes: readonly number[];
  /** Tasks that wait longer than the objective. */
  readonly misses: number;
  /** What the workers cost, boots included, milliseconds. */
  readonly workerMs: number;
}

/**
 * Window by window the size that is cheapest when a miss is worth `missMs` of a worker's time: greedy, since what a choice
 * means for the windows after the next is left out of account.
 */
export function greedyPlan(trellis: Trellis, missMs: number): Plan {
  const { queue } = trellis;
  const sizes: number[] = [];
  let node = trellis.root;
  let size = queue.options.initial;
  let [misses, workerMs] = [0, 0];
  for (let window = 0; window < queue.windows; window++) {
    const choice = cheapest(node, size, missMs);
    sizes.push((size = choice.size));
    misses += choice.step.misses;
    workerMs += choice.costMs;
    node = choice.step.next;
  }
  return { sizes, misses, workerMs };
}

interface Choice {
  readonly size: number;
  readonly step: Step;
  /** What the workers cost, milliseconds. */
  readonly costMs: number;
  /** With the misses. */
  readonly totalMs: number;
}

/**
 * From the least size without misses downwards: fewer workers never mean fewer misses, so that one can tell when to stop.
 * Nor is one looked at that alone costs more than the least size with all its misses.
 */
function cheapest(node: TrellisNode, before: number, missMs: number): Choice {
  const { queue } = node.trellis;
  const { min, max } = queue.options;
  const lengthMs = queue.endOf(node.window) - queue.beginOf(node.window);
  const priced = (size: number): Choice => {
    const step = node.step(size);
    const costMs = size * lengthMs + step.drainMs + growthMs(before, size, queue.options);
    return { size, step, costMs, totalMs: costMs + missMs * step.misses };
  };
  let best = priced(min);
  const most = Math.min(max, Math.floor(best.totalMs / lengthMs));
  for (let size = node.leastWithoutMisses(min, Math.max(min, most)); size > min; size--) {
    const choice = priced(size);
    if (choice.totalMs < best.totalMs) best = choice;
    if (min * lengthMs + missMs * choice.step.misses > best.totalMs) break;
  }
  return best;
}

/** Workers that are new in a window were started before it. */
export function growthMs(before: number, size: number, { spawnDelayMs }: ResolvedOracle): number {
  return Math.max(0, size - before) * spawnDelayMs;
}
