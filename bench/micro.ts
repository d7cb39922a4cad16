import { median } from './statistics.js';

/** Does one thing `times` times; what it returns depends on all of them, so that none can be left out. */
export type Work = (times: number) => number;

/** Timings of which the median is taken, in each round. */
const SLICES = 10;

/** What the works returned: visible to the outside, so never computed in vain. */
export let residue = 0;

/**
 * Median nanoseconds that each work takes for doing its thing once. The works take turns in each round, after one that
 * is not counted; each round is timed in slices, so that what interrupts one of them does not count.
 */
export function timeWorks<K extends string>(
  works: Record<K, Work>,
  rounds: number,
  times: number,
  now: () => number = () => performance.now(),
): Record<K, number> {
  const names = Object.keys(works) as K[];
  const timings = new Map<K, number[]>(names.map((name) => [name, []]));
  const slice = Math.ceil(times / SLICES);
  for (let round = -1; round < rounds; round++) {
    for (const name of names) {
      for (let i = 0; i < SLICES; i++) {
        const begun = now();
        residue += works[name](slice);
        const ns = ((now() - begun) * 1e6) / slice;
        if (round >= 0) timings.get(name)!.push(ns);
      }
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(timings.get(name)!)])) as Record<K, number>;
}
