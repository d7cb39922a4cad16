import { picture, type SimulationResult } from 'nestjs-dynamic-pool/simulator';
import { percentile } from '../figures.js';
import type { LiveRun } from './live-run.js';
import { replay } from './replay.js';

/** Draws a live run as the simulator draws its own. */
export function livePicture(run: LiveRun, objectiveMs: number): string {
  const { workload, result: simulated } = replay(run, 'balanced');
  const served = run.tasks.filter(({ serviceMs }) => Number.isFinite(serviceMs));
  const waits = Float64Array.from(served, ({ waitMs }) => waitMs);
  const resizes = run.targets
    .slice(1)
    .map(({ at, target: to }, index) => ({ at, from: run.targets[index]!.target, to }));
  const late = waits.filter((ms) => ms > objectiveMs).length;
  const perHour = 3_600_000 / run.overAt;
  const reversals = resizes.filter(({ at, from, to }, index) => {
    const before = resizes[index - 1];
    return before && Math.sign(to - from) !== Math.sign(before.to - before.from) && at - before.at <= 60_000;
  }).length;
  const workerMs = run.sizes.reduce(
    (sum, { at, size }, index) => sum + size * ((run.sizes[index + 1]?.at ?? run.overAt) - at),
    0,
  );
  const result: SimulationResult = {
    ...simulated,
    ...{ late, waits, resizes, reversals, workerMs, sizes: run.sizes, decisions: run.decisions },
    missPct: (100 * late) / served.length,
    meanWaitMs: waits.reduce((sum, ms) => sum + ms, 0) / waits.length,
    p99WaitMs: percentile([...waits], 0.99),
    resizesPerHour: resizes.length * perHour,
    reversalsPerHour: reversals * perHour,
  };
  return picture(workload, result, {
    title: 'The sample app live: a step to 0.7 of eight workers, and back',
    objectiveMs,
  });
}
