import type {
  AdminEventMap,
  DryRunResult,
  PoolHistory,
  PoolView,
  QuarantineReleaseResult,
  QuarantineView,
} from '../../core/contract/operation.js';
import type { Decision } from '../../core/scaling/contract.js';
import { anything, type Check, flag, listOf, number, orNull, recordOf, shape, text } from './checks.js';
import type { Connection } from './connection.js';
import { notTheApi } from './unreachable.js';

const durations = { mean: number, p50: number, p99: number, max: number };

const viewFields = {
  name: text,
  kind: text,
  state: text,
  at: number,
  min: number,
  max: number,
  target: number,
  size: number,
  starting: number,
  live: number,
  busy: number,
  idle: number,
  draining: number,
  queueDepth: number,
  queueCapacity: number,
  utilization: number,
  override: orNull(shape({ size: number, owner: text, reason: text, until: orNull(number) })),
  counters: shape({
    submitted: number,
    completed: number,
    failed: number,
    cancelled: number,
    dropped: number,
    retried: number,
    crashes: number,
    resizes: shape({ up: number, down: number }),
  }),
  wait: shape({ ...durations, oldest: number }),
  service: shape(durations),
  tasks: recordOf(shape({ count: number, failed: number, serviceMs: number })),
  workers: listOf(
    shape({
      id: number,
      state: text,
      task: orNull(text),
      ageMs: number,
      heapMb: number,
      elu: number,
      loopDelayMs: number,
    }),
  ),
  policy: anything,
  objectiveMs: orNull(number),
  autoscaler: orNull(
    shape({ state: text, faults: number, lastFault: orNull(text), lastTickAt: orNull(number), isFlapping: flag }),
  ),
  health: shape({ status: text, reasons: listOf(text) }),
};

const view = shape(viewFields);

const decisionFields = {
  seq: number,
  at: number,
  pool: text,
  from: number,
  proposed: number,
  to: number,
  heldBy: orNull(text),
  reason: text,
  signals: recordOf(number),
  repeated: number,
  lastAt: number,
};

const outcome = shape({ policy: anything, lateShare: number, workerSeconds: number, resizes: number });
const dryRun = shape({
  pool: text,
  from: number,
  to: number,
  tasks: number,
  objectiveMs: number,
  present: outcome,
  proposed: outcome,
});
const history = shape({ everyMs: number, at: listOf(number), size: listOf(number), arrivals: listOf(number) });

const quarantined = listOf(shape({ id: number, task: text, crashes: number, since: number, error: text }));
const quarantine = shape({ pool: text, at: number, total: number, entries: quarantined });
const released = shape({ pool: text, at: number, count: number, released: quarantined, left: number });

const head = { v: number, at: number };
const events: Readonly<Record<string, Check>> = {
  snapshot: shape({ ...head, ...viewFields, pool: text }),
  decision: shape({ ...head, ...decisionFields }),
  resized: shape({ ...head, pool: text, from: number, to: number, reason: text }),
  worker: shape({ ...head, pool: text, change: text, workerId: number }),
  gap: shape({ ...head, missed: orNull(number) }),
};

/** An event that this tool knows, by its name. */
export type KnownEvent = {
  [E in keyof AdminEventMap]: { readonly event: E; readonly data: AdminEventMap[E] };
}[keyof AdminEventMap];

/** The event where this tool knows it and it is what it should be, else `null`: a newer application may tell more. */
export function knownEvent(event: string, data: unknown): KnownEvent | null {
  const check = Object.hasOwn(events, event) ? events[event]! : null;
  const isOfThisVersion = (data as { v?: unknown } | null)?.v === 1;
  return check !== null && isOfThisVersion && check(data) === null ? ({ event, data } as KnownEvent) : null;
}

export const readView = reader<PoolView>('a pool', view);
export const readViews = reader<readonly PoolView[]>('the pools', listOf(view));
export const readDecisions = reader<readonly Decision[]>('the decisions', listOf(shape(decisionFields)));
export const readHistory = reader<PoolHistory>('the history', history);
export const readDryRun = reader<DryRunResult>('the dry run', dryRun);
export const readQuarantine = reader<QuarantineView>('the quarantine', quarantine);
export const readReleased = reader<QuarantineReleaseResult>('what was released', released);

/** @returns a function that throws CommandFailure where an answer is something else. */
function reader<T>(what: string, check: Check): (connection: Connection, answer: unknown) => T {
  return (connection, answer) => {
    const found = check(answer);
    if (found === null) return answer as T;
    throw notTheApi(connection, `in ${what} that it tells, ${found.trim()}`);
  };
}
