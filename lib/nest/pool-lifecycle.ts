import {
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { PoolConfigError, WorkerCrashedError } from '../core/errors.js';
import { checkPlannedCarriers, checkPlannedFiles, checkPlannedModule } from './check-plan.js';
import { idleEntryError } from './load-errors.js';
import { listenToPools } from './listen-to-pools.js';
import { LOG_CONTEXT } from './log-bridge.js';
import { logPool } from './log-pools.js';
import { rebuiltClasses } from './rebuilt-classes.js';
import type { PoolRuntime } from './pool-runtime.js';
import { KEEP_NAMES, shortenedNames } from './shortened-names.js';
import type { WorkerPlan } from './worker-plan.js';

/** A boot that takes longer than this is told. */
const SLOW_BOOT_MS = 10_000;

/** How long the application has to turn on its shutdown hooks after bootstrap. */
const HOOKS_GRACE_MS = 1_000;

let warnedOfHooks = false;

/**
 * The pools within Nest's lifecycle: all start in parallel on module init, and the application starts when all are
 * ready or not at all; on shutdown readiness goes off first, then intake closes and the pools drain up to the deadline.
 */
export class PoolLifecycle
  implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown, OnApplicationShutdown
{
  #hooksTimer: NodeJS.Timeout | null = null;
  readonly #logger = new Logger(LOG_CONTEXT);

  constructor(readonly runtime: PoolRuntime) {}

  async onModuleInit(): Promise<void> {
    const { runtime } = this;
    try {
      runtime.announce();
      runtime.carriers.open();
      this.#checkCode();
      listenToPools(runtime.provided, runtime.directory, this.#logger);
      for (const pool of runtime.directory.pools.values()) logPool(pool, this.#logger);
      await this.#startAll();
    } catch (error) {
      runtime.forget();
      throw error;
    }
    runtime.initialised();
    runtime.directory.configuration?.watch();
    runtime.directory.isReady = true;
  }

  onApplicationBootstrap(): void {
    this.#hooksTimer = setTimeout(() => this.#warnOfMissingHooks(), HOOKS_GRACE_MS).unref();
  }

  onModuleDestroy(): void {
    if (this.#hooksTimer) clearTimeout(this.#hooksTimer);
    this.runtime.directory.isReady = false;
    this.runtime.directory.isShuttingDown = true;
    this.runtime.directory.configuration?.stop();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([...this.runtime.directory.pools.values()].map((pool) => pool.close()));
  }

  onApplicationShutdown(): void {
    this.runtime.forget();
  }

  #checkCode(): void {
    for (const [name, { code, options }] of this.runtime.options.pools) {
      const plan = this.runtime.plan(name);
      // What runs on the application's own instances needs no file.
      if (!this.runtime.stage) checkPlannedModule(plan);
      if (!this.runtime.stage && options.kind !== 'async' && code.from === 'files') {
        checkPlannedFiles(plan);
        checkPlannedCarriers(plan);
        this.#warnOfRebuilt(name);
      }
      if (code.from === 'entry') this.#warnOfShortened(plan);
      if (code.from === 'tasks' || plan.classes.length > 0) continue;
      this.#logger.warn(
        `pool '${name}' has nothing to run: no method of a provider is decorated with @PooledTask('${name}').`,
      );
    }
  }

  #warnOfShortened(plan: WorkerPlan): void {
    const names = shortenedNames(plan).map(({ className }) => className);
    if (names.length === 0) return;
    this.#logger.warn(
      `pool '${plan.pool}': classes with pooled methods are called ${names.join(', ')}, and the entry may know them by other names. ${KEEP_NAMES}.`,
    );
  }

  #warnOfRebuilt(pool: string): void {
    const classes = this.runtime.tasksOf(pool).map(({ cls }) => cls);
    for (const { cls, dependency } of rebuiltClasses(classes, this.runtime.modules)) {
      this.#logger.warn(
        `pool '${pool}': ${cls.name} is given ${dependency.name}, which this application provides by a value, a factory or another class; a worker builds it from its constructor instead. Say how: @PoolWorker({ imports, providers }) on ${cls.name}.`,
      );
    }
  }

  async #startAll(): Promise<void> {
    const pools = [...this.runtime.directory.pools.values()];
    const slow = setTimeout(() => this.#warnOfSlowBoot(), SLOW_BOOT_MS).unref();
    try {
      for (const pool of pools) pool.start();
      this.runtime.directory.configuration?.restore();
      await Promise.all(pools.map((pool) => pool.ready()));
    } catch (error) {
      this.runtime.directory.configuration?.stop();
      await Promise.all(pools.map((pool) => pool.close({ force: true })));
      throw this.#clearest(error);
    } finally {
      clearTimeout(slow);
    }
  }

  /** A worker that could not boot says why in its cause; a configuration error is the whole story. */
  #clearest(error: unknown): unknown {
    const cause = error instanceof Error ? error.cause : undefined;
    if (cause instanceof PoolConfigError) return cause;
    if (!(error instanceof WorkerCrashedError) || error.exitCode !== 0 || cause !== undefined) return error;
    const { pool = '' } = error;
    const code = this.runtime.options.pools.get(pool)?.code;
    return code?.from === 'entry' ? idleEntryError(pool, code.file.href, error) : error;
  }

  /** A module that never finishes loading keeps the application from starting; say where it hangs. */
  #warnOfSlowBoot(): void {
    for (const pool of this.runtime.directory.pools.values()) {
      const { starting, live } = pool.snapshot();
      if (starting === 0) continue;
      this.#logger.warn(
        `pool '${pool.name}': ${starting} workers have been booting for ${SLOW_BOOT_MS / 1_000} s (${live} are up). Is a module of theirs waiting for something while it loads, or an onModuleInit?`,
      );
    }
  }

  #warnOfMissingHooks(): void {
    if (warnedOfHooks || process.listenerCount('SIGTERM') > 0) return;
    warnedOfHooks = true;
    this.#logger.warn(
      'Shutdown hooks are off: on SIGTERM running tasks are cut short instead of drained. Call app.enableShutdownHooks() in main.ts.',
    );
  }
}
