import type { DynamicModule, LoggerService, Provider, Type } from '@nestjs/common';
import { PoolConfigError } from '../../core/errors.js';
import { refusal, rejectUnknownKeys, requireObject } from '../../core/validate.js';
import { serveTasks } from '../../engines/thread/worker/serve-tasks.js';
import { isPoolWorker } from '../../engines/worker-mark.js';
import type { WorkerPlan } from '../worker-plan.js';

/** Options of `runPoolWorker()`. */
export interface PoolWorkerEntryOptions {
  /** Providers beside those of the modules: classes under `remote()`, say, that no module of the worker has. Default none. */
  providers?: readonly Provider[];
  /** Where this worker's log lines go. Default: to the application's logger. `false`: nowhere. */
  logger?: LoggerService | false;
}

const CALL = 'runPoolWorker()';
const LOGGER_METHODS = ['log', 'warn', 'error'] as const;

let isCalled = false;
let isServing = false;
let wrongCall: PoolConfigError | null = null;

/**
 * Makes a file of yours the `entry` of a pool: boots the modules in this worker thread and runs the pool's decorated
 * methods on the classes they provide. Call it once.
 * @throws PoolConfigError outside a worker thread of a pool. What else is wrong with the call, the modules or the options
 * stops the start of the application with one.
 * @example runPoolWorker([ImagesModule]);
 * @publicApi
 */
export function runPoolWorker(
  modules: readonly (Type | DynamicModule | Promise<DynamicModule>)[],
  options: PoolWorkerEntryOptions = {},
): void {
  if (!isPoolWorker()) {
    throw new PoolConfigError(
      `${CALL} was called outside a worker of a pool. Call it in a file of its own, which nothing else imports, and name that file as the entry of the pool: entry: new URL('./pool.worker.js', import.meta.url).`,
    );
  }
  if (isCalled) return refuseSecondCall();
  isCalled = true;
  serveTasks(async (plan) => {
    const { bootModules } = await import('./boot-worker-module.js');
    // By now the file has run, or come to an await of its own.
    if (wrongCall) throw wrongCall;
    const host = await bootModules(plan as WorkerPlan, ...checked(plan as WorkerPlan, modules, options));
    isServing = true;
    return host;
  });
}

/** While the first call boots, its boot fails, which is told in full; a thrown error would have the thread crash. */
function refuseSecondCall(): void {
  wrongCall = new PoolConfigError(
    `${CALL} was called twice in one worker. Call it once, with all the modules: runPoolWorker([OneModule, OtherModule]).`,
  );
  if (isServing) throw wrongCall;
}

/** The modules, how they are called in messages, and the options. */
function checked({ pool }: WorkerPlan, modules: unknown, options: unknown) {
  const place = { pool, option: `the modules of ${CALL}` };
  if (!Array.isArray(modules)) throw refusal(place, modules, 'an array of modules: runPoolWorker([SomeModule])');
  for (const [index, module] of modules.entries()) {
    if (typeof module === 'function' || (typeof module === 'object' && module !== null)) continue;
    const allowed = 'a module (undefined: do files import each other?)';
    throw refusal({ pool, option: `modules[${index}] of ${CALL}` }, module, allowed);
  }
  const own = requireObject({ pool, option: `the options of ${CALL}` }, options);
  rejectUnknownKeys(CALL, own, ['providers', 'logger'], pool);
  const { providers = [], logger } = own;
  if (!Array.isArray(providers)) throw refusal({ pool, option: `providers of ${CALL}` }, providers, 'an array');
  if (logger !== undefined && logger !== false && !isLogger(logger)) {
    throw refusal(
      { pool, option: `logger of ${CALL}` },
      logger,
      'a logger as Nest has them (log, warn, error), or false',
    );
  }
  if (modules.length === 0 && providers.length === 0) {
    throw new PoolConfigError(
      `pool '${pool}': ${CALL} is given no module, so its worker has no class to run. Give it the module that provides the pooled classes: runPoolWorker([SomeModule]).`,
      { pool },
    );
  }
  const names = modules.map(nameOf).join(', ');
  const title = names === '' ? `the entry, by the providers of ${CALL},` : `the entry, by runPoolWorker([${names}]),`;
  return [modules, title, { providers: providers as Provider[], logger }] as const;
}

function isLogger(value: unknown): value is LoggerService {
  return typeof value === 'object' && value !== null && LOGGER_METHODS.every((method) => method in value);
}

function nameOf(module: unknown): string {
  if (typeof module === 'function') return module.name;
  const { module: cls } = module as { module?: { name?: string } };
  return cls?.name ?? 'a module';
}
