import type { SchedulerRegistry } from '@nestjs/schedule';
import { createManagedBudget, type ManagedBudget } from '../core/budget/budget.js';
import type { BudgetOptions } from '../core/budget/resolve-budget.js';
import type { Clock } from '../core/clock.js';
import type { PoolOptions, TaskFn } from '../core/contract/pool-options.js';
import { PoolConfigError } from '../core/errors.js';
import { ownFile } from '../core/own-file.js';
import type { ManagedPool } from '../core/pool/managed-pool.js';
import type { ScalingKit } from '../core/scaling/autoscaler.js';
import { createManagedPool, type PoolHost } from '../engines/create-pool.js';
import type { AppCarriers } from './app-carriers.js';
import { errorClasses } from './error-classes.js';
import type { TaskBinding } from './exploration.js';
import { bundledLibraryError } from './load-errors.js';
import { LOG_BRIDGES, logFault } from './log-bridge.js';
import type { PoolStage } from './pool-stage.js';
import type { NestPool, ResolvedModuleOptions } from './resolve-module-options.js';
import { ScheduledTicker } from './scheduled-ticker.js';
import { plannedFiles, type WorkerPlan } from './worker-plan.js';

/** What an application says of the decorated methods that are to run in its pools. */
export interface MethodDirectory {
  tasksOf(pool: string): TaskBinding[];
  /** What a worker of this pool is told. */
  plan(pool: string): WorkerPlan;
  /** A decorated method on the application's own instances. */
  ownTask(binding: TaskBinding): TaskFn;
  /** Runs a decorated method on this thread. */
  runHere(pool: string, task: string, args: readonly unknown[]): Promise<unknown>;
  reviveResult(pool: string, task: string, value: unknown): unknown;
}

/** What the pools of an application are made with. */
export interface BuilderParts {
  readonly options: ResolvedModuleOptions;
  readonly kit: ScalingKit;
  readonly carriers: AppCarriers;
  readonly methods: MethodDirectory;
  readonly scheduler: SchedulerRegistry | undefined;
  readonly stage: PoolStage | null;
}

/** Makes the pools of an application out of its options. They do not start yet. */
export class PoolBuilder {
  readonly pools = new Map<string, ManagedPool>();
  /** The functions of each async pool. */
  readonly asyncTasks = new Map<string, Readonly<Record<string, TaskFn>>>();
  readonly budget: ManagedBudget | null;
  readonly #parts: BuilderParts;
  readonly #errors: ReturnType<typeof errorClasses>;

  constructor(parts: BuilderParts) {
    const { options, stage } = parts;
    this.#parts = parts;
    this.#errors = errorClasses(options.errors);
    this.budget = options.budget && sharedBudget(options.budget, options.pools, stage?.clock);
    for (const [name, pool] of options.pools) {
      this.pools.set(name, pool.options.kind === 'async' ? this.#asyncPool(pool) : this.#threadPool(pool));
    }
  }

  #threadPool({ options: own, code }: NestPool): ManagedPool {
    const { name } = own;
    const { carriers, methods, stage, options: module } = this.#parts;
    const options = this.budget ? { ...own, budget: this.budget } : own;
    const host = {
      ...this.#host(options),
      errorClasses: this.#errors,
      onLog: LOG_BRIDGES[module.workerLogs],
      context: carriers.isEmpty ? undefined : carriers.forPool(code),
    };
    const reviveResult = (task: string, value: unknown) => methods.reviveResult(name, task, value);
    const [stray] = code.from === 'tasks' ? methods.tasksOf(name) : [];
    if (stray) {
      throw new PoolConfigError(
        `pool '${name}' runs the functions of its tasks module, so it cannot run ${stray.task}. Move the method to another pool, or leave out tasks.`,
        { pool: name },
      );
    }
    if (stage) {
      const functions = () => new Map(methods.tasksOf(name).map((binding) => [binding, methods.ownTask(binding)]));
      return stage.open(options, { ...host, reviveResult }, { isModule: code.from === 'tasks', methods: functions });
    }
    if (code.from === 'tasks') return createManagedPool(options, host);
    return createManagedPool(options, {
      ...host,
      entry: code.from === 'entry' ? code.file : nestEntry(name),
      files: () => (code.from === 'entry' ? [] : plannedFiles(methods.plan(name))),
      plan: () => methods.plan(name),
      runHere: (task, args) => methods.runHere(name, task, args),
      reviveResult,
    });
  }

  #asyncPool({ options }: NestPool): ManagedPool {
    const { name } = options;
    const { methods, stage } = this.#parts;
    const tasks: Record<string, TaskFn> = { ...(options.tasks as Record<string, TaskFn> | undefined) };
    for (const binding of methods.tasksOf(name)) {
      if (Object.hasOwn(tasks, binding.task)) {
        throw new PoolConfigError(
          `pool '${name}': '${binding.task}' is both in its tasks and a decorated method. Rename one of them.`,
          { pool: name },
        );
      }
      tasks[binding.task] = methods.ownTask(binding);
    }
    Object.assign(tasks, stage?.replacements(name));
    this.asyncTasks.set(name, tasks);
    return createManagedPool({ ...options, tasks }, this.#host(options));
  }

  #host({ name, scaling }: PoolOptions): PoolHost {
    const { kit, scheduler, stage } = this.#parts;
    const { clock } = stage ?? {};
    const common = { kit, autostart: false, onFault: logFault, ...(clock && { clock }) };
    if (scaling === false) return common;
    // Intervals of the scheduler follow real time.
    if (scheduler) return { ...common, ...(!clock && { ticker: new ScheduledTicker(name, scheduler) }) };
    throw new PoolConfigError(
      `pool '${name}' sizes itself by an interval of @nestjs/schedule, but this application has no scheduler. Add ScheduleModule.forRoot() to the imports of the root module (import { ScheduleModule } from '@nestjs/schedule'), or set scaling: false for pools that shall not size themselves.`,
      { pool: name },
    );
  }
}

/** What a thread runs that finds the classes by itself. */
function nestEntry(pool: string): URL {
  const entry = ownFile('./worker/nest-entry.js', import.meta.url);
  if (!entry) throw bundledLibraryError(pool);
  return entry;
}

/** The budget of all thread pools, each with its floor reserved. Slots of async pools are not threads, and need none. */
function sharedBudget(
  options: BudgetOptions,
  pools: ReadonlyMap<string, NestPool>,
  clock: Clock | null = null,
): ManagedBudget {
  const threads = [...pools].filter(([, pool]) => pool.options.kind !== 'async');
  const budget = createManagedBudget(options, clock ?? undefined);
  budget.reserve(Object.fromEntries(threads.map(([name, pool]) => [name, pool.options.size?.min ?? 1])));
  return budget;
}
