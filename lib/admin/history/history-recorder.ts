import { Inject, Injectable, Optional, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Timer } from '../../core/clock.js';
import type { FailureGroup, PoolHistory } from '../../core/contract/operation.js';
import type { Pool } from '../../core/contract/pool.js';
import { requireInteger } from '../../core/validate.js';
import { PoolService } from '../../nest/pool.service.js';
import { FailureLog } from './failure-log.js';
import { HISTORY_OPTIONS, resolveHistory, type HistoryOptions } from './history-options.js';
import { EVERY_MS, KEPT_SAMPLES, PoolRecord, type Sample } from './pool-record.js';

interface Recorded {
  readonly record: PoolRecord;
  readonly failures: FailureLog;
  /** Of the worker that was ready last, milliseconds. */
  bootMs: number | null;
}

/**
 * The last 15 minutes of every pool, a sample each second, and its failed calls in groups. It reads snapshots and hears of
 * failures; calls that go well cost nothing more.
 *
 * `new` → `recording` by `onModuleInit()` → `closed` by `onModuleDestroy()`; what was recorded can still be read then.
 */
@Injectable()
export class HistoryRecorder implements OnModuleInit, OnModuleDestroy {
  readonly #pools: PoolService;
  readonly #options: Required<HistoryOptions>;
  readonly #recorded = new Map<string, Recorded>();
  readonly #endings: (() => void)[] = [];
  #timer: Timer | null = null;

  constructor(pools: PoolService, @Optional() @Inject(HISTORY_OPTIONS) options: HistoryOptions = {}) {
    this.#pools = pools;
    this.#options = resolveHistory(options);
    // From the beginning, so that the first boots are heard.
    for (const name of pools.pools()) this.#recordedOf(name);
  }

  onModuleInit(): void {
    this.#timer ??= this.#options.clock.every(EVERY_MS, () => this.sample());
  }

  onModuleDestroy(): void {
    this.#timer?.cancel();
    for (const end of this.#endings.splice(0)) end();
  }

  /**
   * The last `seconds` of a pool, 1 to 900, as far as they were recorded.
   * @throws PoolNotFoundError naming the pools there are, PoolConfigError for another number of seconds.
   */
  history(pool: string, seconds: number): PoolHistory {
    const { record } = this.#recordedOf(pool);
    requireInteger({ pool, option: 'seconds' }, seconds, 1, KEPT_SAMPLES);
    return record.history(pool, seconds, this.#options.epoch());
  }

  /**
   * Failed calls by task and kind of error since the application started, the most frequent first.
   * @throws PoolNotFoundError naming the pools there are.
   */
  failures(pool: string): readonly FailureGroup[] {
    return this.#recordedOf(pool).failures.groups();
  }

  /** The samples of the last `ms`, oldest first, for dry runs. */
  samples(pool: string, ms: number): readonly Sample[] {
    return this.#recordedOf(pool).record.samples(this.#options.epoch() - ms);
  }

  /** How long the latest worker took to boot, milliseconds; `null` where none has started since the recording began. */
  bootMs(pool: string): number | null {
    return this.#recordedOf(pool).bootMs;
  }

  /** Takes a sample of every pool; the timer does, each second. */
  sample(): void {
    const at = this.#options.epoch();
    const now = this.#options.clock.now();
    for (const [name, { record }] of this.#recorded) record.add(this.#pools.snapshot(name), now, at);
  }

  #recordedOf(name: string): Recorded {
    const known = this.#recorded.get(name);
    if (known) return known;
    const pool = this.#pools.get(name);
    const recorded: Recorded = {
      record: new PoolRecord(pool.snapshot(), this.#options.clock.now()),
      failures: new FailureLog(),
      bootMs: null,
    };
    this.#recorded.set(name, recorded);
    this.#listen(pool, recorded);
    return recorded;
  }

  #listen(pool: Pool, recorded: Recorded): void {
    const onFailed = ({ task, error }: { readonly task: string; readonly error: unknown }) =>
      recorded.failures.add(task, error, this.#options.epoch());
    const onStarted = ({ bootMs }: { readonly bootMs: number }) => void (recorded.bootMs = bootMs);
    pool.on('failed', onFailed).on('workerStarted', onStarted);
    this.#endings.push(() => void pool.off('failed', onFailed).off('workerStarted', onStarted));
  }
}
