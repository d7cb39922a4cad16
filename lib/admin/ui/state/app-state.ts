import type { AdminRole, FailureGroup, PoolView, WorkerChange } from '../../../core/contract/operation.js';
import type { Decision } from '../../../core/scaling/contract.js';
import type { Series } from './series.js';

/** `connecting` → `live` ⇄ `lost`. `retryAt: null`: without another token there is no further attempt. */
export type Connection =
  | { readonly state: 'connecting' }
  | { readonly state: 'live' }
  | { readonly state: 'lost'; readonly retryAt: number | null };

/** Why the page asks for a token. */
export type AccessWish = { readonly why: 'missing' | 'refused' | 'forbidden' | 'asked'; readonly message: string };

/** What is kept of one pool; `series` changes in place. */
export interface PoolEntry {
  readonly view: PoolView;
  readonly series: Series;
}

export type WorkerNote = WorkerChange & { readonly at: number };

/** What is kept of the open pool alone; `null` until it was read. */
export interface PoolDetail {
  readonly pool: string;
  readonly decisions: readonly Decision[] | null;
  readonly failures: readonly FailureGroup[] | null;
  readonly workerNotes: readonly WorkerNote[];
  readonly error: string | null;
}

/** All that the page shows. */
export interface AppState {
  readonly phase: 'loading' | 'ready' | 'failed';
  /** Why nothing could be read. */
  readonly failure: string | null;
  readonly access: AccessWish | null;
  readonly connection: Connection;
  readonly role: AdminRole | null;
  /** When the last data came, on this machine's clock. */
  readonly dataAt: number | null;
  /** How far this machine's clock is ahead of the application's, milliseconds. */
  readonly clockAheadMs: number;
  readonly pools: ReadonlyMap<string, PoolEntry>;
  readonly detail: PoolDetail | null;
}

export const INITIAL: AppState = {
  phase: 'loading',
  failure: null,
  access: null,
  connection: { state: 'connecting' },
  role: null,
  dataAt: null,
  clockAheadMs: 0,
  pools: new Map(),
  detail: null,
};
