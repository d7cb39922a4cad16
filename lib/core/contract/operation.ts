import type { PoolHealth } from '../health/pool-health.js';
import type { AutoscalerHealth } from '../scaling/control-loop.js';
import type { Decision } from '../scaling/contract.js';
import type { Policy } from '../scaling/scaling-options.js';
import type { WorkerExitReason } from './events.js';
import type { PoolSnapshot } from './snapshot.js';

/**
 * What goes over HTTP between a running application and the page or the command line: JSON, times in milliseconds, `at`
 * since the epoch. Types only, so that neither side imports the other.
 */

/** Who may do what: a viewer reads, an operator changes. */
export type AdminRole = 'viewer' | 'operator';

/** A header of every answer to somebody with a role; the page shows controls by it. */
export const ROLE_HEADER = 'x-dynamic-pool-role';

/** `GET /pools` tells an array of these, `GET /pools/:name` and every change of a pool tell one. */
export interface PoolView extends PoolSnapshot {
  readonly at: number;
  /** As it was given; what is no JSON in it (a decider of one's own) is told as `{ type: 'custom', name }`. `null` with `scaling: false`. */
  readonly policy: Policy | null;
  /** `null` with `scaling: false`. */
  readonly objectiveMs: number | null;
  readonly autoscaler: AutoscalerHealth | null;
  readonly health: PoolHealth;
}

/** `GET /pools/:name/health`; 503 while `down`, else 200. */
export interface PoolHealthView extends PoolHealth {
  readonly at: number;
  readonly autoscaler: AutoscalerHealth | null;
}

/** `GET /pools/:name/history?seconds=600`: one column for each series, all of the same length, oldest first. */
export interface PoolHistory {
  readonly pool: string;
  readonly everyMs: number;
  readonly at: readonly number[];
  readonly size: readonly number[];
  readonly target: readonly number[];
  readonly busy: readonly number[];
  readonly queueDepth: readonly number[];
  /** Tasks accepted and ended per second. */
  readonly arrivals: readonly number[];
  readonly ended: readonly number[];
  readonly waitP50Ms: readonly number[];
  readonly waitP99Ms: readonly number[];
  readonly oldestMs: readonly number[];
}

/** `GET /pools/:name/failures`: failed calls, grouped, the most frequent first. Neither messages nor arguments are kept. */
export interface FailureGroup {
  readonly task: string;
  /** Name of the error's class, or its code where it is a `PoolError`. */
  readonly error: string;
  readonly count: number;
  readonly lastAt: number;
}

/** A task in quarantine. Its arguments are not told, nor the message of what made its workers exit, which may quote them. */
export interface QuarantineEntry {
  /** Unique within its pool, until the application starts anew. */
  readonly id: number;
  readonly task: string;
  /** Workers that it cost. */
  readonly crashes: number;
  readonly since: number;
  /** How the last of those workers exited. */
  readonly error: string;
}

/** `GET /pools/:name/quarantine?limit=100`: the first of the tasks that no worker runs, those that are there longest first. */
export interface QuarantineView {
  readonly pool: string;
  readonly at: number;
  /** In quarantine, those that were left out included. */
  readonly total: number;
  readonly entries: readonly QuarantineEntry[];
}

/** Body of `POST /pools/:name/quarantine/release`. */
export interface QuarantineReleaseRequest {
  /** Default: all. */
  readonly id?: number;
  readonly reason?: string;
  readonly owner?: string;
}

/** Answer of `POST /pools/:name/quarantine/release`. */
export interface QuarantineReleaseResult {
  readonly pool: string;
  readonly at: number;
  /** How many were released. */
  readonly count: number;
  /** The first 1,000 of them. */
  readonly released: readonly QuarantineEntry[];
  /** How many are still in quarantine. */
  readonly left: number;
}

/** Body of `POST /pools/:name/dry-run`: what another policy would have done with the last minutes. */
export interface DryRunRequest {
  readonly policy: Policy;
  /** 1 to 15. Default 5. */
  readonly minutes?: number;
}

export interface DryRunResult {
  readonly pool: string;
  readonly from: number;
  readonly to: number;
  /** Tasks that were replayed. */
  readonly tasks: number;
  readonly objectiveMs: number;
  /** The policy that the pool has, and the proposed one, under the same load. */
  readonly present: DryRunOutcome;
  readonly proposed: DryRunOutcome;
}

export interface DryRunOutcome {
  /** `null`: the fixed size of a pool that has no autoscaler. */
  readonly policy: Policy | null;
  /** Share of tasks that waited longer than the objective, 0..1. */
  readonly lateShare: number;
  readonly workerSeconds: number;
  readonly resizes: number;
  readonly series: { readonly at: readonly number[]; readonly size: readonly number[] };
}

/** Body of `PUT /pools/:name/override`. */
export interface OverrideRequest {
  readonly size: number;
  readonly forMs?: number;
  readonly reason?: string;
  readonly owner?: string;
}

/** Body of every refusal, in the shape of Nest's HTTP exceptions. */
export interface AdminRefusal {
  readonly statusCode: number;
  /** The status in words. */
  readonly error: string;
  readonly message: string;
  /** What a size may be (422). */
  readonly allowed?: { readonly min: number; readonly max: number };
  /** The pools there are (404, 409). */
  readonly pools?: readonly string[];
}

/** `data` of each server-sent event of `GET /pools/events`, by the name of the event; `id` is `BOOT-SEQ`. */
export interface AdminEventMap {
  /** Each pool once a second, and after a change of its state, target or override. */
  snapshot: AdminEventHead & PoolView;
  decision: AdminEventHead & Decision;
  resized: AdminEventHead & { readonly from: number; readonly to: number; readonly reason: string };
  worker: AdminEventHead & WorkerChange;
  /** Events were left out: the client was too slow, away for too long, or the application has started anew. `pool` is `null`. */
  gap: { readonly v: 1; readonly pool: null; readonly at: number; readonly missed: number | null };
}

export type WorkerChange =
  | { readonly change: 'started'; readonly workerId: number; readonly threadId: number | null; readonly bootMs: number }
  | { readonly change: 'exited'; readonly workerId: number; readonly reason: WorkerExitReason };

export interface AdminEventHead {
  readonly v: 1;
  readonly pool: string;
  readonly at: number;
}

export type AdminEventName = keyof AdminEventMap;
