import { countsPerSecond } from '../load-class.js';
import { quantile } from '../quantile.js';
import type { SimulationResult } from '../simulation-result.js';
import type { Workload } from '../workload.js';

/** Values at even distances, from the start. */
export interface Series {
  readonly stepMs: number;
  readonly values: Float64Array;
}

/** Arrivals per second: the mean in each of at most `most` steps of whole seconds. */
export function loadSeries(workload: Workload, most: number): Series {
  const counts = countsPerSecond(workload);
  return stepped(counts, most, (values) => values.reduce((sum, value) => sum + value, 0) / values.length);
}

/** The 99th percentile of the waits of the tasks that came in a second, milliseconds: the highest in each step. */
export function waitSeries({ arrivals, durationMs }: Workload, { waits }: SimulationResult, most: number): Series {
  const seconds = new Float64Array(Math.max(1, Math.ceil(durationMs / 1_000)));
  for (let task = 0, second = 0; second < seconds.length; second++) {
    const first = task;
    while (task < arrivals.length && arrivals[task]! < (second + 1) * 1_000) task++;
    const known = waits.slice(first, task).filter((wait) => !Number.isNaN(wait));
    seconds[second] = quantile(known, 0.99);
  }
  return stepped(seconds, most, (values) => values.reduce((highest, value) => Math.max(highest, value), 0));
}

/** Numbers by time, each valid until the next: at most two for each of `most` steps, the highest and the last. */
export function thinned(
  changes: readonly { readonly at: number; readonly value: number }[],
  durationMs: number,
  most: number,
): readonly { readonly at: number; readonly value: number }[] {
  if (changes.length <= 2 * most) return changes;
  const kept: { at: number; value: number }[] = [];
  const stepOf = (at: number) => Math.floor((at / durationMs) * most);
  for (let index = 0; index < changes.length;) {
    const step = stepOf(changes[index]!.at);
    let highest = changes[index]!;
    let last = highest;
    for (; index < changes.length && stepOf(changes[index]!.at) === step; index++) {
      last = changes[index]!;
      if (last.value >= highest.value) highest = last;
    }
    kept.push(highest);
    if (last !== highest) kept.push(last);
  }
  return kept;
}

function stepped(perSecond: Float64Array, most: number, of: (values: Float64Array) => number): Series {
  const length = Math.max(1, Math.ceil(perSecond.length / most));
  const steps = Math.ceil(perSecond.length / length);
  const values = Float64Array.from({ length: steps }, (_, step) =>
    of(perSecond.subarray(step * length, (step + 1) * length)),
  );
  return { stepMs: length * 1_000, values };
}
