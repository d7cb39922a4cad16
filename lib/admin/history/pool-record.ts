import type { PoolHistory } from '../../core/contract/operation.js';
import type { PoolSnapshot } from '../../core/contract/snapshot.js';
import { Columns } from './columns.js';

/** Between two samples, milliseconds. */
export const EVERY_MS = 1_000;
/** Samples that are kept: 15 minutes. */
export const KEPT_SAMPLES = 900;

const TOLD = [
  'at',
  'size',
  'target',
  'busy',
  'queueDepth',
  'arrivals',
  'ended',
  'waitP50Ms',
  'waitP99Ms',
  'oldestMs',
] as const;
/** Only for dry runs: counts and sums of the sample's own time. */
const KEPT = ['spanMs', 'arrived', 'finished', 'failed', 'served', 'serviceMs', 'serviceMsSquared', 'crashes'] as const;

type Told = (typeof TOLD)[number];
type Kept = (typeof KEPT)[number];

/** What one sample tells of its time, which ended at `at`. */
export type Sample = Readonly<Record<Told | Kept, number>>;

/** The last 15 minutes of one pool. */
export class PoolRecord {
  readonly #columns = new Columns<Told | Kept>([...TOLD, ...KEPT], KEPT_SAMPLES);
  #before: PoolSnapshot;
  #beforeAt: number;

  /** `now` is of a clock that never goes back, milliseconds. */
  constructor(snapshot: PoolSnapshot, now: number) {
    this.#before = snapshot;
    this.#beforeAt = now;
  }

  /** `at` is milliseconds since the epoch. */
  add(snapshot: PoolSnapshot, now: number, at: number): void {
    const spanMs = now - this.#beforeAt;
    // Two samples at one instant tell no rate.
    if (!(spanMs > 0)) return;
    const { counters, load, wait } = snapshot;
    const { counters: countersBefore, load: loadBefore } = this.#before;
    const arrived = counters.submitted - countersBefore.submitted;
    const ended = endedOf(snapshot) - endedOf(this.#before);
    this.#columns.add({
      at,
      size: snapshot.size,
      target: snapshot.target,
      busy: snapshot.busy,
      queueDepth: snapshot.queueDepth,
      arrivals: (arrived * 1_000) / spanMs,
      ended: (ended * 1_000) / spanMs,
      waitP50Ms: wait.p50,
      waitP99Ms: wait.p99,
      oldestMs: wait.oldest,
      spanMs,
      arrived,
      finished: counters.completed + counters.failed - countersBefore.completed - countersBefore.failed,
      failed: counters.failed - countersBefore.failed,
      served: load.served - loadBefore.served,
      serviceMs: load.serviceMs - loadBefore.serviceMs,
      serviceMsSquared: load.serviceMsSquared - loadBefore.serviceMsSquared,
      crashes: counters.crashes - countersBefore.crashes,
    });
    this.#before = snapshot;
    this.#beforeAt = now;
  }

  /** The samples of the last `seconds`, counted back from `at`. */
  history(pool: string, seconds: number, at: number): PoolHistory {
    const rows = this.#rowsSince(at - seconds * 1_000);
    const series = TOLD.map((name) => [name, this.#columns.latest(name, rows)] as const);
    return { pool, everyMs: EVERY_MS, ...(Object.fromEntries(series) as Record<Told, number[]>) };
  }

  /** The latest samples that ended after `since`, oldest first. */
  samples(since: number): Sample[] {
    const rows = this.#rowsSince(since);
    const names = [...TOLD, ...KEPT];
    const columns = names.map((name) => this.#columns.latest(name, rows));
    return Array.from(
      { length: rows },
      (_, row) => Object.fromEntries(names.map((name, column) => [name, columns[column]![row]])) as Sample,
    );
  }

  #rowsSince(since: number): number {
    const at = this.#columns.latest('at');
    const first = at.findIndex((time) => time > since);
    return first === -1 ? 0 : at.length - first;
  }
}

function endedOf({ counters }: PoolSnapshot): number {
  return counters.completed + counters.failed + counters.cancelled + counters.dropped;
}
