import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { percentile, round } from '../figures.js';
import type { Benchmark } from '../main.js';
import { livePicture } from './live-picture.js';
import { liveRun, POOL, type LiveLoad, type LiveRun } from './live-run.js';
import { agreement, replay } from './replay.js';

const OBJECTIVE_MS = 100;
/** From then on after the step, the objective is to hold. */
const SETTLING_MS = 2_000;
const SERVICE_MS = 50;
const MAX = 8;

/** Nothing, then 0.7 of what eight workers can do, then nothing. */
const LOAD: LiveLoad = {
  ratePerSecond: (0.7 * MAX * 1_000) / SERVICE_MS,
  loadMs: 20_000,
  seed: 1,
  patienceMs: 150_000,
};

export interface LiveScalingResult {
  readonly node: string;
  readonly pool: string;
  readonly max: number;
  readonly ratePerSecond: number;
  readonly tickMs: number;
  /** From the first call to the first task on a new worker, and what it may take: that worker's boot and two ticks. */
  readonly firstBusyMs: number | null;
  readonly bootMs: number | null;
  readonly allowedMs: number | null;
  /** Of calls made from two seconds after the step on. */
  readonly p99WaitMs: number;
  readonly objectiveMs: number;
  readonly highestTarget: number;
  /** From the end of the load until the target was back at its floor; `null` if it was not. */
  readonly backToMinMs: number | null;
  /** Times that the pool grew after the load had ended. */
  readonly reversals: number;
  readonly resizes: number;
  /** Share of the ticks at which a simulation of the same calls had the same target, a tick sooner or later. */
  readonly replayAgreement: number;
}

/** A pool of real threads in the sample app, from idle to a step of load and back. */
export const liveScaling: Benchmark = {
  about: 'how a pool of the sample app grows with a step of load, and comes back',

  async run({ svg }): Promise<LiveScalingResult> {
    const run = await liveRun(LOAD);
    if (svg !== null) await writeFile(join(svg, 'live-scaling.svg'), livePicture(run, OBJECTIVE_MS));
    return { node: process.version, pool: POOL, max: run.max, ratePerSecond: LOAD.ratePerSecond, ...figuresOf(run) };
  },

  print(result: LiveScalingResult): void {
    process.stdout.write(`Live scaling of the pool ${POOL} in the sample app, Node ${result.node}\n`);
    console.table(Object.fromEntries(Object.entries(result).map(([name, value]) => [name, { value }])));
  },
};

export function figuresOf(run: LiveRun) {
  const { firstBusy, tickMs, stepAt, endAt, overAt, targets, min } = run;
  const settled = run.tasks.filter(({ at }) => at >= stepAt + SETTLING_MS).map(({ waitMs }) => waitMs);
  const afterLoad = targets.filter(
    ({ at }, index) => at > endAt && targets[index]!.target > targets[index - 1]!.target,
  );
  return {
    tickMs,
    firstBusyMs: firstBusy && round(firstBusy.at - stepAt, 3),
    bootMs: firstBusy && round(firstBusy.bootMs, 3),
    allowedMs: firstBusy && round(firstBusy.bootMs + 2 * tickMs, 3),
    p99WaitMs: round(percentile(settled, 0.99), 3),
    objectiveMs: OBJECTIVE_MS,
    highestTarget: Math.max(...targets.map(({ target }) => target)),
    backToMinMs: targets.at(-1)!.target === min ? round(overAt - endAt, 3) : null,
    reversals: afterLoad.length,
    resizes: targets.length - 1,
    replayAgreement: round(agreement(run, replay(run, 'balanced').result), 3),
  };
}
