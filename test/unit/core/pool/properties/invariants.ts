import { expect } from 'vitest';
import type { EngineTask } from '../../../../../lib/core/engine.js';
import type { FakeEngine } from '../../../../support/fake-engine.js';
import type { FakeWorker } from '../../../../support/fake-worker.js';
import type { unstartedFakePool } from '../../../../support/fake-pool.js';
import type { Chronicle } from './chronicle.js';
import { CAPACITY, LOAD, MAX, type Scenario } from './scenario.js';

/** A task waits behind one that takes long for this time at most, milliseconds: such a one is noticed every 5. */
const LONGEST_WAIT_MS = 10;

/** What is checked, and what is known about it. */
export interface Subject extends ReturnType<typeof unstartedFakePool> {
  readonly chronicle: Chronicle;
  readonly scenario: Scenario;
  /** Tasks on the calling thread, and how to end them. */
  readonly here: Map<EngineTask, () => void>;
}

/** P12: every accepted task is in exactly one place; P4: no more wait than may. */
export function checkCounters({ pool, chronicle, scenario }: Subject): void {
  const { counters, load, queueDepth, queueCapacity } = pool.snapshot();
  const { submitted, completed, failed, cancelled, dropped } = counters;
  expect(submitted).toBe(completed + failed + cancelled + dropped + queueDepth + chronicle.running.size);
  const { wait, service } = pool.histograms();
  expect([wait.count, service.count]).toEqual([load.started, load.served]);
  expect(chronicle.oddities).toEqual([]);
  expect(queueCapacity).toBe(CAPACITY);
  // What a free slot takes needs no place, also where its worker has yet to say that it has begun.
  if (scenario.engine.beginAtOnce === false) return;
  // What runs again had left the queue; what a new worker catches up on is no caller's.
  const extra = chronicle.returns + chronicle.retries + chronicle.broadcast.size;
  expect(queueDepth).toBeLessThanOrEqual(CAPACITY + extra);
}

/** P1, P9: what runs, runs where the pool says, and nowhere else; nothing runs twice but what is retried. */
export function checkWorkers({ engine, pool, chronicle, scenario, here }: Subject): void {
  expect(engine.offences).toEqual([]);
  const held = engine.alive.flatMap((worker) => tasksOf(worker).map((task) => ({ task, worker })));
  expect(new Set(held.map(({ task }) => task)).size).toBe(held.length);
  const begun = engine.workers.flatMap((worker) => worker.begun);
  expect(begun.length - new Set(begun).size).toBeLessThanOrEqual(chronicle.retries);
  for (const [id, { workerId }] of chronicle.running) {
    const holder = held.find(({ task }) => task.id === id)?.worker.id;
    const isHere = [...here.keys()].some((task) => task.id === id);
    expect(holder ?? (isHere ? 0 : 'nobody')).toBe(workerId);
  }
  for (const { task, worker } of held) {
    const isRunning = worker.claims.get(task) === 'started' && !worker.aborts.has(task);
    if (isRunning) expect(chronicle.running.has(task.id)).toBe(true);
  }
  for (const worker of engine.alive) {
    expect(worker.claims.size).toBeLessThanOrEqual(mostTasks(scenario));
    if (engine.presend === 0) continue;
    checkOrder(worker, chronicle);
    // What runs on although its caller has an answer holds nobody up.
    if (worker.started.some((task) => worker.aborts.has(task))) expect(waitingAt(worker)).toEqual([]);
  }
  if (pool.snapshot().state === 'paused') expect(engine.alive.flatMap(waitingAt)).toEqual([]);
}

/** A worker's tasks begin in the order in which they came, and so it is told; what moves something may be told too soon. */
function checkOrder(worker: FakeWorker, { beginnings }: Chronicle): void {
  const begun = worker.begun.filter((task) => task.transfer === undefined).map((task) => task.id);
  const told = (beginnings.get(worker.id) ?? []).filter((id) => begun.includes(id));
  expect(told).toEqual(begun.filter((id) => told.includes(id)));
  const came = [...worker.arrivals.keys()].filter((task) => worker.begun.includes(task));
  expect(came).toEqual(worker.begun);
}

/** P2, P7: within bounds, and whoever is too many is busy. */
export function checkSize({ pool, engine, chronicle, scenario }: Subject): void {
  const snapshot = pool.snapshot();
  const extra = recycles(scenario) ? 1 : 0;
  expect(snapshot.size).toBe(engine.alive.length);
  expect(snapshot.size).toBe(snapshot.starting + snapshot.live);
  expect(snapshot.idle).toBe(snapshot.live - snapshot.busy);
  expect(snapshot.live - snapshot.draining).toBeLessThanOrEqual(MAX + extra);
  // Whoever a broadcast waits for stays for it.
  if (extra > 0 || concurrencyOf(scenario) > 1 || chronicle.aside.size > 0) return;
  const serving = engine.alive.filter((worker) => worker.isServing);
  const free = serving.filter((worker) => worker.claims.size === 0);
  const busy = serving.filter((worker) => [...worker.claims.keys()].some((task) => !worker.aborts.has(task)));
  if (free.length > 0) expect(free.length + busy.length).toBeLessThanOrEqual(snapshot.target);
}

/** P1: nobody waits while a worker is free, nor for long behind a task that takes long. */
export function checkFlow({ pool, engine, clock, chronicle, scenario }: Subject): void {
  const { state, queueDepth, workers } = pool.snapshot();
  if (state === 'paused' || state === 'closed') return;
  const withWorkers = unbegunAt(engine, chronicle);
  const draining = new Set(workers.filter((worker) => worker.state === 'draining').map((worker) => worker.id));
  const free = engine.alive.filter(
    (worker) =>
      worker.isServing &&
      !draining.has(worker.id) &&
      worker.claims.size < concurrencyOf(scenario) &&
      worker.room > 0 &&
      // It may have to catch up first.
      !tasksOf(worker).some(({ name }) => name === LOAD),
  );
  if (queueDepth > withWorkers + waitingAside(engine, chronicle)) expect(free).toEqual([]);
  for (const worker of engine.alive.filter(({ engine: { presend } }) => presend > 0)) {
    const [head] = worker.claims.keys();
    const heldUpSince = head && worker.claims.get(head) === 'started' ? chronicle.running.get(head.id)?.at : undefined;
    if (heldUpSince === undefined) continue;
    for (const task of waitingAt(worker)) {
      const waitingSince = Math.max(heldUpSince, worker.arrivals.get(task)!);
      expect(clock.now() - waitingSince).toBeLessThan(LONGEST_WAIT_MS);
    }
  }
}

function tasksOf(worker: FakeWorker): EngineTask[] {
  return [...worker.claims.keys()];
}

/** What a worker holds and could give back. */
function waitingAt(worker: FakeWorker): EngineTask[] {
  return worker.sent.filter((task) => task.transfer === undefined);
}

/** Tasks with workers that still count as queued. */
function unbegunAt({ alive }: FakeEngine, { running, ended }: Chronicle): number {
  return alive.flatMap(tasksOf).filter(({ id }) => !running.has(id) && !ended.has(id)).length;
}

/** Tasks that no free worker may take, and that no worker has. */
function waitingAside({ alive }: FakeEngine, { aside }: Chronicle): number {
  const held = new Set(alive.flatMap(tasksOf).map(({ id }) => id));
  return [...aside].filter((id) => !held.has(id)).length;
}

function mostTasks(scenario: Scenario): number {
  return concurrencyOf(scenario) + (scenario.engine.presend ?? 0);
}

function concurrencyOf({ pool }: Scenario): number {
  return pool.worker!.concurrency!;
}

export function recycles({ pool }: Scenario): boolean {
  return Object.keys(pool.worker!.recycle!).length > 0;
}
