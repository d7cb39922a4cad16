import type { JudgedPolicy } from './judged-policy.js';
import { loadClass, type LoadClass } from './load-class.js';
import { Oracle } from './oracle/oracle.js';
import type { Workload } from './workload.js';

/** A load that is drawn anew for each seed; a recorded one may be the same for all. */
export interface JudgedLoad {
  readonly name: string;
  workload(seed: number): Workload;
}

/** How one policy did on one load. Figures are rounded to four digits after the point. */
export interface ReportRow {
  readonly load: string;
  readonly class: LoadClass;
  readonly policy: string;
  readonly seed: number;
  /** Tasks that waited over 100 ms or were dropped, percent. */
  readonly missPct: number;
  /** What the workers cost, over what those of an oracle cost that misses 1 %. */
  readonly costOverOracle: number;
  /**
   * The same over an oracle that misses as much as the policy did: a policy that is cheap because it is late has no
   * advantage. Below a certain price of a miss the oracle would let the queue grow for good, so that for policies that miss
   * a lot it may miss less than they did.
   */
  readonly costAtEqualMisses: number;
  readonly resizesPerHour: number;
  readonly reversalsPerHour: number;
  /** Milliseconds. */
  readonly p99WaitMs: number;
  /** Workers on average. */
  readonly meanSize: number;
}

/** Runs every policy on every load, once for each seed, and sets it against the oracle. The same input gives the same rows. */
export function judge(
  loads: readonly JudgedLoad[],
  policies: readonly JudgedPolicy[],
  { seeds }: { readonly seeds: readonly number[] },
): ReportRow[] {
  return loads.flatMap((load) => seeds.flatMap((seed) => judgeWorkload(load, policies, seed)));
}

function judgeWorkload(load: JudgedLoad, policies: readonly JudgedPolicy[], seed: number): ReportRow[] {
  const workload = load.workload(seed);
  const oracle = new Oracle(workload);
  const kind = loadClass(workload);
  const best = oracle.plan();
  return policies.map((policy) => {
    const result = policy.run(workload, seed);
    return {
      load: load.name,
      class: kind,
      policy: policy.name,
      seed,
      missPct: rounded(result.missPct),
      costOverOracle: rounded(result.workerMs / best.workerMs),
      costAtEqualMisses: rounded(result.workerMs / oracle.plan(result.missPct).workerMs),
      resizesPerHour: rounded(result.resizesPerHour),
      reversalsPerHour: rounded(result.reversalsPerHour),
      p99WaitMs: rounded(result.p99WaitMs),
      meanSize: rounded(result.workerMs / workload.durationMs),
    };
  });
}

function rounded(value: number): number {
  return Number(value.toFixed(4));
}
