import type { PoolView, QuarantineEntry } from '../../lib/core/contract/operation.js';
import type { Decision } from '../../lib/core/scaling/contract.js';

/** Noon of a day, in the time zone of the test. */
export const NOON = new Date(2026, 4, 4, 12, 0, 0).getTime();

/** A pool as the admin API tells it, in good order unless told otherwise. */
export function poolView(change: Partial<PoolView> = {}): PoolView {
  const name = change.name ?? 'images';
  return {
    name,
    kind: 'threads',
    state: 'open',
    at: NOON,
    min: 1,
    max: 8,
    target: 4,
    size: 4,
    starting: 0,
    live: 4,
    busy: 3,
    idle: 1,
    draining: 0,
    spares: 0,
    queueDepth: 2,
    queueCapacity: 10_000,
    queuedForMs: 0,
    noneEndedForMs: 0,
    concurrency: 1,
    utilization: 0.75,
    override: null,
    counters: {
      submitted: 1_205,
      completed: 1_190,
      failed: 9,
      cancelled: 1,
      dropped: 0,
      refused: 0,
      retried: 2,
      crashes: 0,
      resizes: { up: 3, down: 1 },
    },
    wait: { mean: 8.2, p50: 2.4, p99: 84, max: 130, oldest: 12 },
    service: { mean: 51, p50: 44, p99: 160, max: 210 },
    load: { started: 1_203, late: 4, served: 1_200, serviceMs: 61_200, serviceMsSquared: 4_000_000 },
    tasks: {
      'Images.thumbnail': {
        count: 1_190,
        failed: 9,
        inlined: 0,
        serviceMs: 51,
        cloneMs: 0.02,
        dispatchMs: 0.01,
        worthOffloading: true,
      },
    },
    workers: [
      {
        id: 1,
        threadId: 3,
        state: 'busy',
        task: 'Images.thumbnail',
        ageMs: 754_000,
        heapMb: 18,
        elu: 0.82,
        loopDelayMs: 48,
      },
      { id: 2, threadId: 4, state: 'idle', task: null, ageMs: 95_000, heapMb: 12.4, elu: 0.1, loopDelayMs: 0.001 },
    ],
    policy: 'balanced',
    objectiveMs: 100,
    autoscaler: { state: 'running', faults: 0, lastFault: null, lastTickAt: NOON - 100, isFlapping: false },
    health: { pool: name, status: 'up', reasons: [] },
    ...change,
  };
}

/** A decision of that pool two minutes before noon: it grew from 2 to 4. */
export function decision(change: Partial<Decision> = {}): Decision {
  const at = change.at ?? NOON - 120_000;
  return {
    seq: 7,
    at,
    pool: 'images',
    from: 2,
    proposed: 4,
    to: 4,
    heldBy: null,
    reason: '41 tasks/s of 51 ms keep 2.1 workers busy; with 4, 0.3 % wait over 100 ms',
    signals: { arrivalRate: 41.23, serviceTime: 51 },
    repeated: 0,
    lastAt: at,
    ...change,
  };
}

/** A task of that pool in quarantine, since twelve minutes before noon. */
export function quarantineEntry(change: Partial<QuarantineEntry> = {}): QuarantineEntry {
  return {
    id: 3,
    task: 'Images.thumbnail',
    crashes: 3,
    since: NOON - 720_000,
    error: "pool 'images': worker 9 (thread 11) exited with code 1 while it ran 'Images.thumbnail'.",
    ...change,
  };
}
