import { erlangC, lateShare, leastServers, variationOf } from './queueing/erlang-c.js';
import { checkedSizing, type CheckedSizing, type SizingOptions } from './sizing-options.js';
import { wholeWorkers } from './whole-workers.js';
import { percent, told } from './wording.js';

export type { SizingOptions } from './sizing-options.js';

/** Bounds for a pool, and what can be expected of them. */
export interface Sizing {
  /** `size.min`: enough for the usual rate. */
  readonly min: number;
  /** `size.max`: enough for the peak. Never cut to what the machine has; `why` says where it is too much. */
  readonly max: number;
  /** Share of the time that `max` workers are at work at the peak, 0 to 1. */
  readonly utilizationAtPeak: number;
  /** The wait that 99 % of tasks stay within, at the peak with `max` workers, milliseconds. */
  readonly expectedP99WaitMs: number;
  /** Sentences for people: how the figures came about, and what speaks against them. */
  readonly why: readonly string[];
}

/** The most workers that a pool can have. */
const MOST_WORKERS = 1_024;

/**
 * Floor and ceiling of a pool, from rates, service time, their variation and the wait objective: the least workers with
 * which no more than `late` of the tasks wait longer than the objective (M/M/c, corrected for variation as M/G/k), at the
 * typical rate and at the peak. It speaks of a steady load: what tasks that arrive in bursts need, only the autoscaler
 * or a simulation can tell. L4; S4 Q14, Q15, Q31.
 * @throws PoolConfigError for an option that is not what it must be.
 */
export function calculateSize(options: SizingOptions): Sizing {
  const given = checkedSizing(options);
  const { typical, peak } = given;
  const variation = variationOf(given.serviceCv ** 2, given.arrivalCv2);
  const min = leastWorkers(typical, given, variation);
  const max = leastWorkers(peak, given, variation);
  const load = loadOf(peak, given);
  const why = [
    ...(typical < peak
      ? [reckoning('min', typical, min, given, variation), reckoning('max', peak, max, given, variation)]
      : [
          reckoning('min and max', peak, max, given, variation),
          'One rate was given, so min and max are the same; give a typical and a peak rate for room to move.',
        ]),
    marginNote(load, max, given, variation),
    ...variationNote(given, variation),
    ...jumpNote(given, min),
    ...ceilingNote(max),
    ...coresNote(given, max),
  ];
  return {
    min,
    max,
    utilizationAtPeak: load / max,
    expectedP99WaitMs: waitWithin(0.01, load, max, given.serviceMs, variation),
    why,
  };
}

/** Workers that are at work on average: rate x service time, by Little's law. */
function loadOf(perSecond: number, { serviceMs }: CheckedSizing): number {
  return (perSecond * serviceMs) / 1000;
}

function leastWorkers(perSecond: number, given: CheckedSizing, variation: number): number {
  const load = loadOf(perSecond, given);
  return load === 0 ? 1 : leastServers(load, given.late, given.objectiveMs / given.serviceMs, variation, Infinity);
}

/** The wait that all but `share` stay within, milliseconds: `lateShare` solved for the wait. */
function waitWithin(share: number, load: number, workers: number, serviceMs: number, variation: number): number {
  const waiting = erlangC(workers, load);
  return waiting <= share ? 0 : ((Math.log(waiting / share) * variation) / (workers - load)) * serviceMs;
}

function reckoning(what: string, perSecond: number, workers: number, given: CheckedSizing, variation: number) {
  const { serviceMs, objectiveMs, late } = given;
  const load = loadOf(perSecond, given);
  const actual = lateShare(workers, load, objectiveMs / serviceMs, variation);
  return (
    `${what} ${workers}: ${told(perSecond)} tasks/s of ${told(serviceMs)} ms keep ${told(load)} workers at work on average; ` +
    `with ${workers}, ${percent(load / workers)} of their time is used and ${percent(actual)} of the tasks wait over ` +
    `${told(objectiveMs)} ms (at most ${percent(late)} may).`
  );
}

/** Waits grow without measure as utilization nears 1: how much room an error in the estimate leaves (S4 Q31). */
function marginNote(load: number, workers: number, { serviceMs }: CheckedSizing, variation: number): string {
  const more = load * 1.1;
  if (more >= workers) return 'With 10 % more than the peak the queue would grow for as long as that lasts.';
  const waitMs = waitWithin(0.01, more, workers, serviceMs, variation);
  return `With 10 % more than the peak, 99 % of the tasks would wait up to ${told(waitMs)} ms.`;
}

function variationNote({ serviceCv, arrivalCv2 }: CheckedSizing, variation: number): string[] {
  if (variation === 1) return [];
  const than = variation > 1 ? 'longer' : 'shorter';
  return [
    `Waits are taken to be ${told(variation)} times those of exponential service times and independent arrivals, ` +
      `${than} for a cv of ${told(serviceCv)} and an arrival cv2 of ${told(arrivalCv2)}.`,
  ];
}

/**
 * What a jump from typical to peak does before new workers are up. The queue of `c` workers grows evenly, and whoever
 * comes `t` after the jump waits t (load - c) / c; that exceeds the objective before the boot ends unless
 * c >= load (1 - objective / boot).
 */
function jumpNote({ peak, typical, serviceMs, objectiveMs, bootMs }: CheckedSizing, min: number): string[] {
  if (bootMs === null || typical === peak) return [];
  const least = wholeWorkers(((peak * serviceMs) / 1000) * (1 - objectiveMs / Math.max(bootMs, objectiveMs)));
  if (least <= min) {
    return [`A jump to the peak is met in time: new workers are up after ${told(bootMs)} ms.`];
  }
  return [
    `A jump to the peak makes tasks late until new workers are up, ${told(bootMs)} ms later; a min of ${least} would bridge that.`,
  ];
}

function ceilingNote(max: number): string[] {
  if (max <= MOST_WORKERS) return [];
  return ['Warning: a pool has at most 1,024 workers. Spread the work over several pools or processes.'];
}

function coresNote({ cores, peak, serviceMs }: CheckedSizing, max: number): string[] {
  if (cores === null || max <= cores) return [];
  const remedy =
    peak * serviceMs > cores * 1000
      ? 'The peak is more than they can do: shed load there, or add machines.'
      : `Set max to ${Math.floor(cores) || 1} and expect longer waits at the peak, or add cores.`;
  return [
    `Warning: max is more than the ${told(cores)} usable cores, which compute at most ${told((cores * 1000) / serviceMs)} ` +
      `such tasks/s; for CPU work, more threads only make each task take longer. ${remedy}`,
  ];
}
