import type { FailureGroup, PoolHistory, PoolView } from '../../../lib/core/contract/operation.js';
import type { WorkerSnapshot } from '../../../lib/core/contract/snapshot.js';
import type { Decision } from '../../../lib/core/scaling/contract.js';

/** A pool as the API tells it; what is not given is that of a quiet pool. */
export function poolView(name: string, given: Partial<PoolView> = {}): PoolView {
  const size = given.size ?? 2;
  const busy = given.busy ?? 0;
  return {
    at: Date.now(),
    name,
    kind: 'threads',
    state: 'open',
    min: 1,
    max: 8,
    target: size,
    size,
    starting: 0,
    live: size,
    busy,
    idle: size - busy,
    draining: 0,
    spares: 0,
    queueDepth: 0,
    queueCapacity: 10_000,
    queuedForMs: 0,
    noneEndedForMs: 0,
    concurrency: 1,
    utilization: size === 0 ? 0 : busy / size,
    override: null,
    counters: {
      submitted: 1000,
      completed: 990,
      failed: 4,
      cancelled: 6,
      dropped: 0,
      refused: 0,
      retried: 0,
      crashes: 0,
      resizes: { up: 3, down: 2 },
    },
    wait: { mean: 0.4, p50: 0.2, p99: 3.1, max: 9, oldest: 0 },
    service: { mean: 12, p50: 11, p99: 31, max: 60 },
    load: { started: 1000, late: 0, served: 1000, serviceMs: 12_000, serviceMsSquared: 200_000 },
    tasks: {},
    workers: Array.from({ length: size }, (_, i) => worker(i + 1, i < busy ? 'work' : null)),
    policy: 'balanced',
    objectiveMs: 100,
    autoscaler: { state: 'running', faults: 0, lastFault: null, lastTickAt: Date.now(), isFlapping: false },
    health: { pool: name, status: 'up', reasons: [] },
    ...given,
  };
}

export function worker(id: number, task: string | null, given: Partial<WorkerSnapshot> = {}): WorkerSnapshot {
  return {
    id,
    threadId: id + 2,
    state: task === null ? 'idle' : 'busy',
    task,
    ageMs: 60_000 * id,
    heapMb: 11.5 + id,
    elu: task === null ? 0.01 : 0.93,
    loopDelayMs: task === null ? 0.2 : 14,
    ...given,
  };
}

export function decision(pool: string, seq: number, given: Partial<Decision> = {}): Decision {
  const at = given.at ?? Date.now();
  return {
    seq,
    at,
    pool,
    from: 2,
    proposed: 3,
    to: 3,
    heldBy: null,
    reason: '3 workers keep the objective at 40 tasks/s',
    signals: { arrivalsPerSecond: 40.25, queueDepth: 3, utilization: 0.81 },
    repeated: 0,
    lastAt: at,
    ...given,
  };
}

export function failure(task: string, error: string, count: number): FailureGroup {
  return { task, error, count, lastAt: Date.now() - 30_000 };
}

/** A flat history of `points` seconds up to now. */
export function flatHistory(view: PoolView, points = 60): PoolHistory {
  const column = (value: number) => Array.from({ length: points }, () => value);
  return {
    pool: view.name,
    everyMs: 1000,
    at: Array.from({ length: points }, (_, i) => view.at - (points - i) * 1000),
    size: column(view.size),
    target: column(view.target),
    busy: column(view.busy),
    queueDepth: column(view.queueDepth),
    arrivals: column(10),
    ended: column(10),
    waitP50Ms: column(view.wait.p50),
    waitP99Ms: column(view.wait.p99),
    oldestMs: column(view.wait.oldest),
  };
}
