import type { Benchmark } from '../main.js';
import type { ContenderName } from './contenders/registry.js';
import { Fleet } from './fleet.js';
import { printDispatch } from './print.js';
import { assembleRow, type DispatchResult, type DispatchRow, type Round } from './result.js';
import { rows, type Entrant, type RowPlan } from './rows.js';
import type { WorkloadName } from './workloads.js';

/** Of each workload, before the first round. */
const WARM_UP_MS = 100;

/**
 * What a pool costs per task, against other pools.
 *
 * Each contender has a process of its own that lives, warm, through the whole run. Row by row and round by round they
 * take turns of one slice, a different one first in each round, while the others idle.
 */
export const dispatch: Benchmark = {
  about: 'tasks per second and latency, against other thread pools',

  async run({ rounds, threads, only, sliceMs }): Promise<DispatchResult> {
    const plans = rows.filter(({ workload }) => workload.includes(only));
    if (plans.length === 0) throw new Error(`No row has '${only}' in its name.`);
    await using fleet = new Fleet();
    for (const [contender, workloads] of needed(plans)) {
      await fleet.add({ contender, threads, workloads: [...workloads], warmUpMs: Math.min(WARM_UP_MS, sliceMs) });
    }
    const measured: DispatchRow[] = [];
    for (const plan of plans) measured.push(await measure(plan, fleet, rounds, sliceMs));
    return { node: process.version, threads, rounds, rows: measured };
  },

  print: printDispatch,
};

/** Which contenders take part, and in what. */
function needed(plans: readonly RowPlan[]): Map<ContenderName, Set<WorkloadName>> {
  const workloads = new Map<ContenderName, Set<WorkloadName>>();
  for (const { contender, workload } of plans.flatMap(entrants)) {
    workloads.set(contender, (workloads.get(contender) ?? new Set()).add(workload));
  }
  return workloads;
}

function entrants({ ours, peers, limit }: RowPlan): readonly Entrant[] {
  return [ours, ...peers, limit];
}

async function measure(plan: RowPlan, fleet: Fleet, rounds: number, ms: number): Promise<DispatchRow> {
  const measured: Round[] = [];
  for (let turn = 0; turn < rounds; turn++) measured.push(await playRound(plan, fleet, turn, ms));
  return assembleRow(plan, measured);
}

/** A turn for each: its figure, and for us the latencies as well, from a slice of their own where the rate is measured. */
async function playRound(plan: RowPlan, fleet: Fleet, turn: number, ms: number): Promise<Round> {
  const byRate = plan.figure === 'rate';
  const figures = new Map<Entrant, number>();
  let latency = { p50us: 0, p99us: 0 };
  for (const entrant of rotated(entrants(plan), turn)) {
    const slice = (timed: boolean) => fleet.slice(entrant.contender, { workload: entrant.workload, ms, timed });
    const report = await slice(!byRate);
    figures.set(entrant, byRate ? report.rate : report.p50us);
    if (entrant === plan.ours) latency = byRate ? await slice(true) : report;
  }
  return {
    ours: figures.get(plan.ours)!,
    peers: Object.fromEntries(plan.peers.map((peer) => [peer.name, figures.get(peer)!])),
    limit: figures.get(plan.limit)!,
    p50us: latency.p50us,
    p99us: latency.p99us,
  };
}

function rotated<T>(items: readonly T[], turn: number): readonly T[] {
  const first = turn % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}
