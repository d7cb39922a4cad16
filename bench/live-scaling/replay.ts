import { simulate, workloadOf, type SimulationResult, type Workload } from 'nestjs-dynamic-pool/simulator';
import { median } from '../figures.js';
import type { LiveRun } from './live-run.js';

/** The live run's own arrivals and service times, through the same policy in the simulator. */
export function replay(run: LiveRun, policy: 'balanced'): { workload: Workload; result: SimulationResult } {
  const served = run.tasks.filter(({ serviceMs }) => Number.isFinite(serviceMs));
  const workload = workloadOf(
    Float64Array.from(served, ({ at }) => at),
    Float64Array.from(served, ({ serviceMs }) => serviceMs),
    { name: 'live', durationMs: run.overAt },
  );
  const spawnDelayMs = run.boots.length === 0 ? 100 : median(run.boots.map(({ bootMs }) => bootMs));
  const { min, max, targets } = run;
  const initial = targets[0]!.target;
  return { workload, result: simulate(workload, { scaling: { policy }, min, max, initial, spawnDelayMs }) };
}

/**
 * Of the ticks of the live run, the share at which the simulation had the same target, a tick sooner or later.
 */
export function agreement({ targets, tickMs, overAt }: LiveRun, { resizes }: SimulationResult): number {
  const initial = targets[0]!.target;
  const simulated = [{ at: 0, target: initial }, ...resizes.map(({ at, to }) => ({ at, target: to }))];
  let [same, ticks] = [0, 0];
  for (let at = tickMs; at < overAt; at += tickMs) {
    ticks++;
    const near = within(simulated, at - tickMs, at + tickMs);
    if (near.includes(within(targets, at, at)[0]!)) same++;
  }
  return same / ticks;
}

/** The targets that held at some time between the two. */
function within(changes: readonly { at: number; target: number }[], from: number, until: number): number[] {
  const first = changes.findLastIndex(({ at }) => at <= from);
  return changes.filter(({ at }, index) => index >= first && at <= until).map(({ target }) => target);
}
