import type { PoolView } from '../../../core/contract/operation.js';
import type { Decision } from '../../../core/scaling/contract.js';
import { ApiClient } from '../api/api-client.js';
import { ApiError, messageOf } from '../api/api-error.js';
import { LiveEvents, type LiveEvent } from '../api/live-events.js';
import { INITIAL, type AppState, type PoolDetail, type PoolEntry } from './app-state.js';
import { CLOCK_STEP_MS, Series } from './series.js';
import { Store } from './store.js';

/** Histories that are read at the start, for the small plots; with more pools they fill as the page stays open. */
const MOST_HISTORIES = 12;
const OVERVIEW_SECONDS = 120;
const DETAIL_SECONDS = 600;
/** How often decisions and failures of the open pool are read again: what repeats itself is not told as an event. */
const DETAIL_EVERY_MS = 10_000;
const MOST_DECISIONS = 200;
const MOST_WORKER_NOTES = 20;

/**
 * Between the API and what is drawn. Reads all pools, then follows the events; reads all again after a gap, and asks for a
 * token where the API wants one. What it keeps is bounded: points per pool, and lists of the open pool only.
 */
export class Dashboard {
  readonly store = new Store<AppState>(INITIAL);
  readonly client: ApiClient;
  readonly #live: LiveEvents;
  #starts = 0;
  #detailTimer: ReturnType<typeof setInterval> | null = null;

  constructor(base: string) {
    this.client = new ApiClient(base, (role) => {
      if (role !== this.store.value.role) this.store.change({ role });
    });
    this.#live = new LiveEvents(this.client, {
      connected: (isResumed) => this.#onConnected(isResumed),
      event: (event) => this.#onEvent(event),
      lost: (retryAt) => this.store.change({ connection: { state: 'lost', retryAt } }),
      refused: (error) => this.#shutOut(error),
    });
  }

  async start(): Promise<void> {
    const start = ++this.#starts;
    this.store.change({ phase: this.store.value.dataAt === null ? 'loading' : 'ready', failure: null });
    const error = await this.#readPools();
    // Another token was given meanwhile.
    if (start !== this.#starts) return;
    if (error?.isAboutAccess) return this.#shutOut(error);
    if (error && this.store.value.dataAt === null) return;
    // Where nothing answers, the stream says so and tries again.
    this.#live.start();
    if (error) return;
    void this.#readHistories();
    void this.#readDetail();
  }

  useToken(token: string): void {
    this.client.useToken(token);
    this.#live.stop();
    this.store.change({ access: null });
    void this.start();
  }

  askForToken(): void {
    this.store.change({ access: { why: 'asked', message: '' } });
  }

  /** Without a token there may be nothing to show. */
  closeTokenDialog(): void {
    const { access, dataAt } = this.store.value;
    const isShut = access !== null && access.why !== 'asked' && dataAt === null;
    this.store.change({ access: null, ...(isShut ? { phase: 'failed', failure: 'This page needs a token.' } : {}) });
  }

  retryNow(): void {
    const { connection } = this.store.value;
    if (connection.state === 'lost' && connection.retryAt === null) void this.start();
    else this.#live.retryNow();
  }

  /** The pool whose page is open, or none. */
  open(pool: string | null): void {
    if (this.#detailTimer !== null) clearInterval(this.#detailTimer);
    this.#detailTimer = null;
    this.store.change({
      detail: pool === null ? null : { pool, decisions: null, failures: null, workerNotes: [], error: null },
    });
    if (pool === null) return;
    void this.#readDetail();
    this.#detailTimer = setInterval(() => {
      const { connection } = this.store.value;
      if (connection.state === 'live' && !document.hidden) void this.#readLists(pool);
    }, DETAIL_EVERY_MS);
  }

  /** Takes what an answer to a change tells; a token that will not do is asked for. */
  async apply(change: (client: ApiClient) => Promise<PoolView>): Promise<PoolView> {
    try {
      const view = await change(this.client);
      this.#take(view);
      return view;
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) this.#wantToken(error);
      throw error;
    }
  }

  /** `null` when they were read, else why not. */
  async #readPools(): Promise<ApiError | null> {
    try {
      const views = await this.client.pools();
      const known = this.store.value.pools;
      const pools = new Map<string, PoolEntry>();
      for (const view of views) {
        const series = known.get(view.name)?.series ?? new Series();
        series.add(view);
        pools.set(view.name, { view, series });
      }
      this.store.change({ phase: 'ready', failure: null, pools, dataAt: Date.now() });
      if (views[0]) this.#setClock(views[0].at);
      return null;
    } catch (thrown) {
      const error = thrown instanceof ApiError ? thrown : new ApiError(0, messageOf(thrown), { cause: thrown });
      if (error.isAboutAccess) this.#wantToken(error);
      else if (this.store.value.dataAt === null) this.store.change({ phase: 'failed', failure: messageOf(error) });
      return error;
    }
  }

  async #readHistories(): Promise<void> {
    const { pools, detail } = this.store.value;
    if (pools.size > MOST_HISTORIES) return;
    for (const [name, { series }] of pools) {
      if (name === detail?.pool) continue;
      try {
        series.load(await this.client.history(name, OVERVIEW_SECONDS));
      } catch {
        // The small plots fill as events come.
      }
    }
    this.store.change({});
  }

  async #readDetail(): Promise<void> {
    const name = this.store.value.detail?.pool;
    const entry = name === undefined ? undefined : this.store.value.pools.get(name);
    if (name === undefined || !entry) return;
    const history = this.client.history(name, DETAIL_SECONDS).then(
      (history) => entry.series.load(history),
      () => undefined, // The plot fills as events come.
    );
    await Promise.all([history, this.#readLists(name)]);
    this.store.change({});
  }

  async #readLists(name: string): Promise<void> {
    try {
      const [decisions, failures] = await Promise.all([this.client.decisions(name), this.client.failures(name)]);
      const latestFirst = [...decisions].sort((a, b) => b.seq - a.seq);
      this.#changeDetail(name, { decisions: latestFirst, failures, error: null });
    } catch (error) {
      this.#changeDetail(name, { error: messageOf(error) });
    }
  }

  #onConnected(isResumed: boolean): void {
    const wasLost = this.store.value.connection.state === 'lost';
    this.store.change({ connection: { state: 'live' } });
    if (wasLost) void this.#refresh(!isResumed);
  }

  async #refresh(all: boolean): Promise<void> {
    if (all) await this.#readPools();
    await this.#readDetail();
  }

  #onEvent(event: LiveEvent): void {
    switch (event.name) {
      case 'snapshot':
        this.#setClock(event.data.at);
        return this.#take(event.data);
      case 'decision':
        return this.#takeDecision(event.data);
      case 'worker': {
        const { detail } = this.store.value;
        if (detail?.pool !== event.data.pool) return;
        return this.#changeDetail(detail.pool, {
          workerNotes: [event.data, ...detail.workerNotes].slice(0, MOST_WORKER_NOTES),
        });
      }
      case 'gap':
        return void this.#refresh(true);
      default:
      // A resize shows in the snapshot and the decision that come with it.
    }
  }

  #take(view: PoolView): void {
    const known = this.store.value.pools.get(view.name);
    const olderMs = known ? known.view.at - view.at : 0;
    if (olderMs > 0 && olderMs <= CLOCK_STEP_MS) return;
    const series = known?.series ?? new Series();
    series.add(view);
    const pools = new Map(this.store.value.pools).set(view.name, { view, series });
    this.store.change({ pools, dataAt: Date.now() });
  }

  #takeDecision(decision: Decision): void {
    const { detail } = this.store.value;
    if (detail?.pool !== decision.pool || detail.decisions === null) return;
    const others = detail.decisions.filter(({ seq }) => seq !== decision.seq);
    const decisions = [decision, ...others].sort((a, b) => b.seq - a.seq).slice(0, MOST_DECISIONS);
    this.#changeDetail(detail.pool, { decisions });
  }

  #changeDetail(pool: string, part: Partial<PoolDetail>): void {
    const { detail } = this.store.value;
    if (detail?.pool === pool) this.store.change({ detail: { ...detail, ...part } });
  }

  #setClock(at: number): void {
    this.store.change({ clockAheadMs: Date.now() - at });
  }

  /** No stream is open, nor will one be with this token: what is shown grows old. */
  #shutOut(error: ApiError): void {
    if (this.store.value.dataAt !== null) this.store.change({ connection: { state: 'lost', retryAt: null } });
    this.#wantToken(error);
  }

  #wantToken(error: ApiError): void {
    const why = error.status === 403 ? 'forbidden' : this.client.hasToken ? 'refused' : 'missing';
    this.store.change({ access: { why, message: error.message } });
  }
}
