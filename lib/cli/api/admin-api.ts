import type {
  DryRunRequest,
  DryRunResult,
  OverrideRequest,
  PoolHistory,
  PoolView,
  QuarantineReleaseRequest,
  QuarantineReleaseResult,
  QuarantineView,
} from '../../core/contract/operation.js';
import type { Decision } from '../../core/scaling/contract.js';
import type { Policy } from '../../core/scaling/scaling-options.js';
import {
  readDecisions,
  readDryRun,
  readHistory,
  readQuarantine,
  readReleased,
  readView,
  readViews,
} from './answers.js';
import type { Connection } from './connection.js';
import { ask, type Asked } from './exchange.js';

/**
 * The admin API of a running application, one function for each of its requests.
 * Each throws CommandFailure: refused, unreachable, or failed.
 */
export interface AdminApi {
  pools(): Promise<readonly PoolView[]>;
  pool(name: string): Promise<PoolView>;
  /** Newest first. */
  decisions(name: string, limit: number): Promise<readonly Decision[]>;
  history(name: string, seconds: number): Promise<PoolHistory>;
  pin(name: string, override: OverrideRequest): Promise<PoolView>;
  release(name: string): Promise<PoolView>;
  change(name: string, change: 'pause' | 'resume' | 'drain'): Promise<PoolView>;
  setPolicy(name: string, policy: Policy): Promise<PoolView>;
  dryRun(name: string, request: DryRunRequest): Promise<DryRunResult>;
  /** The longest there first. */
  quarantine(name: string, limit: number): Promise<QuarantineView>;
  /** Without an `id`, all. */
  releaseQuarantined(name: string, request: QuarantineReleaseRequest): Promise<QuarantineReleaseResult>;
}

export function adminApi(connection: Connection): AdminApi {
  const ofPool = (name: string, path: string, asked: Partial<Asked> = {}) =>
    ask(connection, { method: 'GET', ...asked, path: `/${encodeURIComponent(name)}${path}` });
  const changed = async (name: string, path: string, asked: Partial<Asked>) =>
    readView(connection, await ofPool(name, path, asked));
  return {
    pools: async () => readViews(connection, await ask(connection, { method: 'GET', path: '' })),
    pool: async (name) => readView(connection, await ofPool(name, '')),
    async decisions(name, limit) {
      const decisions = readDecisions(connection, await ofPool(name, `/decisions?limit=${limit}`));
      return decisions.slice(0, limit);
    },
    history: async (name, seconds) => readHistory(connection, await ofPool(name, `/history?seconds=${seconds}`)),
    pin: (name, body) => changed(name, '/override', { method: 'PUT', body }),
    release: (name) => changed(name, '/override', { method: 'DELETE' }),
    change: (name, change) => changed(name, `/${change}`, { method: 'POST' }),
    setPolicy: (name, policy) => changed(name, '/policy', { method: 'PATCH', body: { policy } }),
    async dryRun(name, body) {
      return readDryRun(connection, await ofPool(name, '/dry-run', { method: 'POST', body }));
    },
    quarantine: async (name, limit) => readQuarantine(connection, await ofPool(name, `/quarantine?limit=${limit}`)),
    async releaseQuarantined(name, body) {
      return readReleased(connection, await ofPool(name, '/quarantine/release', { method: 'POST', body }));
    },
  };
}
