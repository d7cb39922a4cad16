import { setTimeout as pause } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import { PoolService, type Decision, type Pool } from 'nestjs-dynamic-pool';
import { constant, poissonArrivals, type SizeChange } from 'nestjs-dynamic-pool/simulator';
import { AppModule } from '../../sample-app/app.module.js';
import { RatesService } from '../../sample-app/rates/rates.service.js';

/** The pool of the sample app whose tasks sleep, so that the number of cores does not decide. */
export const POOL = 'rates';

const LOOK_MS = 50;

export interface LiveLoad {
  /** Calls per second, from one moment to the next. */
  readonly ratePerSecond: number;
  readonly loadMs: number;
  readonly seed: number;
  /** How long the size may take to come back to its floor, milliseconds. */
  readonly patienceMs: number;
}

/** One call; milliseconds from the start of the recording. */
export interface LiveTask {
  readonly at: number;
  waitMs: number;
  serviceMs: number;
}

/** What happened. Times are milliseconds from the start of the recording, which is a whole tick before a tick. */
export interface LiveRun {
  readonly stepAt: number;
  readonly endAt: number;
  /** The size was back at its floor, or nobody waited any longer. */
  readonly overAt: number;
  readonly min: number;
  readonly max: number;
  readonly tasks: readonly LiveTask[];
  readonly decisions: readonly Decision[];
  readonly targets: readonly { readonly at: number; readonly target: number }[];
  /** Looked at every 50 ms; changes only. */
  readonly sizes: readonly SizeChange[];
  readonly boots: readonly { readonly at: number; readonly workerId: number; readonly bootMs: number }[];
  /** First task on a worker that the load brought about; `null` if there was none. */
  readonly firstBusy: { readonly at: number; readonly bootMs: number } | null;
  readonly tickMs: number;
}

/** Starts the sample app, sends it a step of load, and watches its pool grow and come back. */
export async function liveRun(load: LiveLoad): Promise<LiveRun> {
  const app = await NestFactory.createApplicationContext(AppModule, { logger: ['error', 'warn'] });
  try {
    const pools = app.get(PoolService);
    return await record(pools, pools.get(POOL), app.get(RatesService), load);
  } finally {
    await app.close();
  }
}

async function record(pools: PoolService, pool: Pool, rates: RatesService, load: LiveLoad): Promise<LiveRun> {
  const tickMs = 250;
  const origin = (await nextTick(pools)) - tickMs;
  const now = () => performance.now() - origin;
  const { min, max, target } = pool.snapshot();
  const tasks = new Map<number, LiveTask>();
  const boots: { at: number; workerId: number; bootMs: number }[] = [];
  const targets = [{ at: 0, target }];
  let firstBusy: LiveRun['firstBusy'] = null;
  pool.on('submitted', ({ id }) => tasks.set(id, { at: now(), waitMs: NaN, serviceMs: NaN }));
  pool.on('started', ({ id, workerId, waitMs }) => {
    tasks.get(id)!.waitMs = waitMs;
    const boot = boots.find((candidate) => candidate.workerId === workerId);
    if (boot) firstBusy ??= { at: now(), bootMs: boot.bootMs };
  });
  pool.on('completed', ({ id, serviceMs }) => (tasks.get(id)!.serviceMs = serviceMs));
  pool.on('workerStarted', ({ workerId, bootMs }) => boots.push({ at: now(), workerId, bootMs }));
  pool.on('resized', ({ to }) => targets.push({ at: now(), target: to }));

  const sizes: SizeChange[] = [];
  const looking = setInterval(() => look(pool, now(), sizes), LOOK_MS);

  const stepAt = now();
  await send(rates, load);
  const endAt = now();
  while (pool.snapshot().target > min && now() < endAt + load.patienceMs) await pause(tickMs);
  clearInterval(looking);
  const overAt = now();
  // Decisions tell the time of day.
  const since = Date.now() - overAt;
  const decisions = pools
    .decisions(POOL)
    .toReversed()
    .map((decision) => ({ ...decision, at: decision.at - since, lastAt: decision.lastAt - since }));
  return {
    ...{ stepAt, endAt, overAt, min, max, decisions },
    tasks: [...tasks.values()],
    targets,
    sizes,
    boots,
    firstBusy,
    tickMs,
  };
}

function look(pool: Pool, at: number, sizes: SizeChange[]): void {
  const { size, target } = pool.snapshot();
  const last = sizes.at(-1);
  if (last?.size !== size || last.target !== target) sizes.push({ at, size, target });
}

/** The time of the next tick, on this clock: the simulation shall tick when the application does. */
async function nextTick(pools: PoolService): Promise<number> {
  const seen = pools.autoscaler(POOL)?.lastTickAt;
  for (;;) {
    const at = pools.autoscaler(POOL)?.lastTickAt ?? null;
    if (at !== null && at !== seen) return performance.now() - (Date.now() - at);
    await pause(1);
  }
}

/** Poisson calls at a constant rate, each at its time whatever became of the others. */
async function send(rates: RatesService, { ratePerSecond, loadMs, seed }: LiveLoad): Promise<void> {
  const shape = constant({ perSecond: ratePerSecond, durationMs: loadMs });
  const from = performance.now();
  const calls: Promise<unknown>[] = [];
  for (const at of poissonArrivals(shape, seed)) {
    const left = from + at - performance.now();
    if (left > 0) await pause(left);
    calls.push(rates.lookUp('CHF'));
  }
  await Promise.all(calls);
}
