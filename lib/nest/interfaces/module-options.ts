import type { Type } from '@nestjs/common';
import type { BudgetOptions } from '../../core/budget/resolve-budget.js';
import type { PoolOptions } from '../../core/contract/pool-options.js';

/**
 * A pool of a Nest application. Where its threads find the code, in this order: `entry`, `workerModule`, else the
 * files of the classes that `@PooledTask` decorates.
 */
export type NestPoolOptions = Omit<PoolOptions, 'name' | 'budget' | 'context'> & {
  /** Your own worker file, which calls `runPoolWorker([Module])`; bundlers need it. */
  entry?: URL;
  /** A module that each worker boots as a standalone application context: the class, or the file that exports it. */
  workerModule?: Type | WorkerModuleFile;
  /** Directories that `entry`, `workerModule.file` and `tasks` must be in. Default: anywhere on this machine. */
  roots?: readonly URL[];
};

export interface WorkerModuleFile {
  file: URL;
  /** Name of the export. Default: the only module that the file exports, or its default export. */
  export?: string;
}

/** Options of `DynamicPoolModule.forRoot()`. */
export interface DynamicPoolModuleOptions {
  /** The pools by name. `events` and `ui` are reserved. */
  pools: Record<string, NestPoolOptions>;
  /** Options for every pool; those of the pool win, in `size`, `queue`, `worker` and `stats` key by key. */
  defaults?: NestPoolOptions;
  /** Workers that the thread pools of this application have between them. Default: each has its own `size.max`. */
  budget?: BudgetOptions;
  /**
   * A YAML file with options that change while the pools run (docs/configuration.md); what it leaves out is as it stands
   * here. A path (a relative one from the working directory) or a file URL. Default: none.
   */
  configFile?: string | URL;
  /**
   * Where overrides are kept over a restart, with a `configFile`. Default: beside it, `<its name>.overrides.json`. `false`:
   * nowhere.
   */
  overridesFile?: string | URL | false;
  /**
   * How log lines of workers reach the application's logger. `text` (default): with pool, thread, task and correlation ids
   * in front of the message. `fields`: message and objects as they were logged, and those in an object beside them, for
   * loggers that write JSON.
   */
  workerLogs?: 'text' | 'fields';
  /** Error classes of your own that come back from a worker as themselves. Nest's HTTP exceptions always do. */
  errors?: readonly Type<Error>[];
  /** Whether pools can be injected everywhere. Default true. */
  isGlobal?: boolean;
}
