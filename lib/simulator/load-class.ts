import type { Workload } from './workload.js';

/** How a load behaves from one second to the next. */
export type LoadClass = 'smooth' | 'bursty';

/** By so many times the squared mean the variation has to exceed what Poisson arrivals have anyway. */
const BURSTY = 0.5;

/** Arrivals in each whole second; a last part of a second is left out. */
export function countsPerSecond({ arrivals, durationMs }: Workload): Float64Array {
  const counts = new Float64Array(Math.floor(durationMs / 1_000));
  for (const arrival of arrivals) {
    const second = Math.floor(arrival / 1_000);
    if (second < counts.length) counts[second]!++;
  }
  return counts;
}

/**
 * Bursty where V - m > 0.5 m^2 over the whole load: m is the mean of the counts per second, V half of the mean squared
 * difference of successive ones (DESIGN, "How policies are judged"). V is near m for an even load: what drifts slowly does
 * not count, so that ramps, and rare spikes too, are smooth.
 */
export function loadClass(workload: Workload): LoadClass {
  const counts = countsPerSecond(workload);
  if (counts.length < 2) return 'smooth';
  let [sum, squares] = [counts[0]!, 0];
  for (let second = 1; second < counts.length; second++) {
    sum += counts[second]!;
    squares += (counts[second]! - counts[second - 1]!) ** 2;
  }
  const mean = sum / counts.length;
  const variation = squares / (counts.length - 1) / 2;
  return variation - mean > BURSTY * mean * mean ? 'bursty' : 'smooth';
}
