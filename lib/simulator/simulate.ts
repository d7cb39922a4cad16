import { ControlLoop } from '../core/scaling/control-loop.js';
import { Pipeline, type PolicyParts } from '../core/scaling/pipeline.js';
import { DecisionRecord } from './decision-record.js';
import { resolveSimulation, type ResolvedSimulation } from './resolve-simulation.js';
import { SimulatedBreaker } from './simulated-breaker.js';
import { buildSimulated } from './simulated-policy.js';
import { SimulatedPool } from './simulated-pool.js';
import type { SimulationOptions } from './simulation-options.js';
import type { SimulationResult } from './simulation-result.js';
import { summaryOf } from './summary.js';
import { VirtualTime } from './virtual-time.js';
import { requireWorkload, type Workload } from './workload.js';

/**
 * Runs a workload through a pool under a virtual clock: the control loop and the policies are those that run in
 * production, the pool is an exact simulation of a queue with as many servers as there are live workers (G/G/c, first
 * come, first served). It ends with the workload; what waits or runs then is left. An hour of 80 tasks a second takes
 * about one. Nothing is drawn: the same workload, options and seed give the same result.
 * @throws PoolConfigError that names the option, the value and what is allowed.
 * @publicApi
 */
export function simulate(workload: Workload, options: SimulationOptions = {}): SimulationResult {
  requireWorkload(workload);
  const resolved = resolveSimulation(options, workload.name);
  const time = new VirtualTime();
  const breaker = resolved.breaker === null ? null : new SimulatedBreaker(resolved.breaker, () => time.at);
  const parts = buildSimulated(resolved, breaker);
  const pool = new SimulatedPool(workload, resolved, time, breaker, parts !== null);
  if (parts === null) return { workload: workload.name, ...run(pool, null), decisions: [], faults: [] };
  return { workload: workload.name, ...runScaled(pool, parts) };
}

function runScaled(pool: SimulatedPool, parts: PolicyParts): Omit<SimulationResult, 'workload'> {
  const { time, options } = pool;
  const record = new DecisionRecord();
  const faults: string[] = [];
  const events = {
    decision: (decision: Parameters<DecisionRecord['add']>[0]) => record.add(decision, time.at),
    flapping: () => undefined,
    fault: (fault: Error) => void faults.push(fault.message),
  };
  const loop = new ControlLoop(pool, time, events, options.scaling.onFault, new Pipeline(parts));
  loop.start();
  const tick = () => {
    loop.tick();
    record.repeat(loop, time.at);
  };
  try {
    const ran = run(pool, { tick, everyMs: parts.tickMs, firstMs: firstTickMs(options, parts.tickMs) });
    return { ...ran, decisions: record.all, faults };
  } finally {
    loop.stop();
  }
}

interface Ticks {
  readonly tick: () => void;
  readonly everyMs: number;
  readonly firstMs: number;
}

/** Takes one event after the other; of those at the same instant, what ends comes first and the tick last. */
function run(pool: SimulatedPool, ticks: Ticks | null): ReturnType<typeof summaryOf> {
  const { workload, time, crew } = pool;
  const { arrivals, durationMs } = workload;
  let task = 0;
  let ticked = 0;
  let nextTick = ticks === null ? Infinity : ticks.firstMs;
  for (;;) {
    const { nextEnd } = pool;
    const { nextReady } = crew;
    const nextArrival = task < arrivals.length ? arrivals[task]! : Infinity;
    const next = Math.min(nextEnd, nextReady, nextArrival, nextTick);
    if (!(next <= durationMs)) break;
    time.at = next;
    if (nextEnd === next) pool.end();
    else if (nextReady === next) pool.ready();
    else if (nextArrival === next) pool.arrive(task++);
    else {
      ticks!.tick();
      nextTick = ticks!.firstMs + ++ticked * ticks!.everyMs;
    }
  }
  time.at = durationMs;
  return summaryOf(pool, task);
}

/** Nothing ties ticks to the load: a seed sets where within a tick the first one comes. Without one, a whole tick late. */
function firstTickMs({ seed }: ResolvedSimulation, tickMs: number): number {
  if (seed === null) return tickMs;
  // Multiples of the golden ratio spread evenly over the tick, however many seeds there are (H. Weyl, 1916).
  const phase = (Math.abs(seed) * 0.6180339887498949) % 1;
  return tickMs * (1 - phase);
}
