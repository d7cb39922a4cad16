import type {
  AdminRole,
  DryRunRequest,
  DryRunResult,
  FailureGroup,
  OverrideRequest,
  PoolHistory,
  PoolView,
} from '../../../core/contract/operation.js';
import type { Decision } from '../../../core/scaling/contract.js';
import type { Policy } from '../../../core/scaling/scaling-options.js';
import { ApiError, refusalOf, retryAfterMs } from './api-error.js';

const ROLE_HEADER = 'x-dynamic-pool-role';

/** What can be asked of one pool without a body. */
export type PoolVerb = 'pause' | 'resume' | 'drain';

/**
 * The HTTP API. The token is kept here, in memory, and goes nowhere but into the header of requests to the page's own
 * origin. Every method rejects with an `ApiError`.
 */
export class ApiClient {
  #token: string | null = null;
  readonly #base: string;
  readonly #onRole: (role: AdminRole | null) => void;

  constructor(base: string, onRole: (role: AdminRole | null) => void) {
    this.#base = base;
    this.#onRole = onRole;
  }

  get hasToken(): boolean {
    return this.#token !== null;
  }

  /** An empty token means none. */
  useToken(token: string): void {
    this.#token = token === '' ? null : token;
  }

  pools(): Promise<PoolView[]> {
    return this.#json('GET', '');
  }

  decisions(pool: string): Promise<Decision[]> {
    return this.#json('GET', `${at(pool)}/decisions?limit=200`);
  }

  history(pool: string, seconds: number): Promise<PoolHistory> {
    return this.#json('GET', `${at(pool)}/history?seconds=${seconds}`);
  }

  failures(pool: string): Promise<FailureGroup[]> {
    return this.#json('GET', `${at(pool)}/failures`);
  }

  override(pool: string, request: OverrideRequest): Promise<PoolView> {
    return this.#json('PUT', `${at(pool)}/override`, request);
  }

  auto(pool: string): Promise<PoolView> {
    return this.#json('DELETE', `${at(pool)}/override`);
  }

  tell(pool: string, verb: PoolVerb): Promise<PoolView> {
    return this.#json('POST', `${at(pool)}/${verb}`);
  }

  setPolicy(pool: string, policy: Policy): Promise<PoolView> {
    // Body parsers take objects only.
    return this.#json('PATCH', `${at(pool)}/policy`, typeof policy === 'string' ? { preset: policy } : policy);
  }

  dryRun(pool: string, request: DryRunRequest): Promise<DryRunResult> {
    return this.#json('POST', `${at(pool)}/dry-run`, request);
  }

  /** The stream of events; what was sent after `lastEventId` is sent again. */
  events(lastEventId: string | null, signal: AbortSignal): Promise<Response> {
    const resume: Record<string, string> = lastEventId === null ? {} : { 'last-event-id': lastEventId };
    return this.#fetch('/events', { signal, headers: { accept: 'text/event-stream', ...resume } });
  }

  async #json<T>(method: string, path: string, body?: unknown): Promise<T> {
    const headers: Record<string, string> = { accept: 'application/json' };
    if (body !== undefined) headers['content-type'] = 'application/json';
    const response = await this.#fetch(path, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await response.text().catch(() => '');
    try {
      return JSON.parse(text) as T;
    } catch (cause) {
      throw new ApiError(response.status, 'The answer is no JSON: is something else in front of the API?', { cause });
    }
  }

  async #fetch(path: string, init: RequestInit & { headers: Record<string, string> }): Promise<Response> {
    const headers = { ...init.headers };
    if (this.#token !== null) headers['authorization'] = `Bearer ${this.#token}`;
    const request = fetch(this.#base + path, { ...init, headers, cache: 'no-store', credentials: 'same-origin' });
    const response = await request.catch((cause: unknown) => {
      throw new ApiError(0, 'The application does not answer.', { cause });
    });
    if (!response.ok) {
      throw new ApiError(response.status, await refusalOf(response), { retryAfterMs: retryAfterMs(response) });
    }
    const role = response.headers.get(ROLE_HEADER);
    this.#onRole(role === 'operator' || role === 'viewer' ? role : null);
    return response;
  }
}

function at(pool: string): string {
  return `/${encodeURIComponent(pool)}`;
}
