import type { ModulesContainer } from '@nestjs/core';
import type { SchedulerRegistry } from '@nestjs/schedule';
import type { TaskFn } from '../core/contract/pool-options.js';
import { PoolConfigError, TaskNotFoundError } from '../core/errors.js';
import { watchHealth } from '../core/health/health-watch.js';
import type { ScalingKit } from '../core/scaling/autoscaler.js';
import {
  beginInitialising,
  beginListening,
  forgetClass,
  routeClass,
  routeInstance,
  type Destination,
  type Route,
  type Routes,
} from './call-router.js';
import { argumentsReviver } from './declared-revival.js';
import { checkRemotes } from './check-remotes.js';
import { AppCarriers } from './app-carriers.js';
import { explore, type Exploration, type TaskBinding } from './exploration.js';
import { followInstances } from './follow-instances.js';
import { logLateClass } from './log-late-class.js';
import { PoolBuilder, type MethodDirectory } from './pool-builder.js';
import { PoolDirectory } from './pool-directory.js';
import type { OpenConfiguration } from './open-configuration.js';
import type { PoolStage } from './pool-stage.js';
import { classOf, type AnyClass } from './pooled-methods.js';
import { providedClasses, type Provided, type Wrapper } from './provided-classes.js';
import { methodTask } from './receiver.js';
import type { ResolvedModuleOptions } from './resolve-module-options.js';
import { Revivals } from './revivals.js';
import { asyncRoute, threadRoute } from './route.js';
import { planWorker, type WorkerPlan } from './worker-plan.js';

/**
 * The pools of one application, and the way of its decorated methods into them.
 *
 * Made while the container instantiates its providers: all classes are known by then, so unknown pools and duplicate
 * tasks stop the application here. What the container holds is looked at anew (`announce`) until it has initialised.
 */
export class PoolRuntime implements Destination, MethodDirectory {
  readonly directory: PoolDirectory;
  /** What surrounds calls and goes along. */
  readonly carriers: AppCarriers;
  readonly #endInitialising: () => void;
  #endListening: () => void = () => undefined;
  /** Classes that calls ran in place of. */
  readonly #passedBy = new WeakSet<AnyClass>();
  readonly #asyncTasks: ReadonlyMap<string, Readonly<Record<string, TaskFn>>>;
  #provided: readonly Provided[] = [];
  #exploration: Exploration = new Map();
  #revivals = new Revivals(this.#exploration);
  /** Those that tell of the instances which the container makes of them. */
  readonly #followed = new WeakSet<Wrapper>();

  constructor(
    readonly options: ResolvedModuleOptions,
    readonly modules: ModulesContainer,
    kit: ScalingKit,
    /** The application's, where it has one. */
    scheduler?: SchedulerRegistry,
    /** Loaded only where there is a file to read. */
    openConfiguration?: OpenConfiguration,
    /** A test's. */
    readonly stage: PoolStage | null = null,
  ) {
    this.#look();
    checkRemotes(this.#provided, [...this.#exploration.values()].flat(), options.pools);
    this.carriers = new AppCarriers(modules);
    stage?.expect(new Set(options.pools.keys()));
    const { pools, budget, asyncTasks } = new PoolBuilder({
      options,
      kit,
      scheduler,
      stage,
      carriers: this.carriers,
      methods: this,
    });
    this.#asyncTasks = asyncTasks;
    this.directory = new PoolDirectory(pools, budget, watchHealth(pools, stage?.clock));
    const configuration = openConfiguration?.(options, pools, budget) ?? null;
    this.directory.configuration = configuration;
    if (configuration) this.directory.notices.add(() => configuration.notice);
    this.#endInitialising = beginInitialising(this);
    this.announce();
  }

  get provided(): readonly Provided[] {
    return this.#provided;
  }

  announce(): void {
    this.#look();
    for (const { cls, instances, wrapper } of this.#provided) {
      const routes = this.#routes(cls);
      if (!routes) continue;
      for (const instance of instances) routeInstance(instance, routes);
      this.#follow(wrapper, cls, routes);
    }
  }

  /** What the container makes of it later, for a request say, is routed as well. */
  #follow(wrapper: Wrapper, cls: AnyClass, routes: Routes): void {
    if (this.#followed.has(wrapper)) return;
    this.#followed.add(wrapper);
    followInstances(wrapper, (instance) => {
      if (classOf(instance) === cls) routeInstance(instance, routes);
    });
  }

  /** The application is up: from now on it takes instances that nobody knows, by their class. */
  initialised(): void {
    this.#endInitialising();
    this.#endListening = beginListening(this);
    for (const cls of this.#exploration.keys()) routeClass(cls, this, this.#routes(cls)!);
  }

  /** The application is closed: its classes are free for others. */
  forget(): void {
    this.#endInitialising();
    this.#endListening();
    for (const cls of this.#exploration.keys()) forgetClass(cls, this);
  }

  passedBy(cls: AnyClass): void {
    if (this.#passedBy.has(cls)) return;
    this.#passedBy.add(cls);
    if (providedClasses(this.modules).some((provided) => provided.cls === cls)) logLateClass(cls);
  }

  /** What a worker of this pool is told. */
  plan(pool: string): WorkerPlan {
    const { pools } = this.options;
    const { code } = pools.get(pool)!;
    const scoped = new Set(this.#provided.filter(({ isScoped }) => isScoped).map(({ cls }) => cls));
    return planWorker(pool, pools.keys(), code, this.tasksOf(pool), { scoped, carriers: this.carriers.planned(code) });
  }

  tasksOf(pool: string): TaskBinding[] {
    return [...this.#exploration.values()].flat().filter((binding) => binding.pool === pool);
  }

  reviveResult(pool: string, task: string, value: unknown): unknown {
    return this.#revivals.result(pool, task, value);
  }

  #look(): void {
    this.#provided = providedClasses(this.modules);
    this.#exploration = explore(this.#provided, this.options.pools.keys());
    this.#revivals = new Revivals(this.#exploration);
  }

  /** Runs a decorated method on this thread, on the application's own instance. */
  async runHere(pool: string, task: string, args: readonly unknown[]): Promise<unknown> {
    const binding = this.tasksOf(pool).find((candidate) => candidate.task === task);
    if (binding) {
      const revive = argumentsReviver(binding.cls, binding.method);
      return this.ownTask(binding)(...(revive ? revive(args) : args));
    }
    throw new TaskNotFoundError(`pool '${pool}' has no task '${task}' that this thread could run.`, { pool });
  }

  /** A decorated method on the application's own instances. */
  ownTask(binding: TaskBinding): TaskFn {
    return methodTask(binding, () => this.#anyInstance(binding));
  }

  #anyInstance({ cls }: TaskBinding): object | null {
    const shared = this.#provided.find(
      (provided) => provided.cls === cls && !provided.isRemote && provided.sharing() === 'shared',
    );
    return shared?.instances[0] ?? null;
  }

  #routes(cls: AnyClass): Routes | null {
    const bindings = this.#exploration.get(cls);
    if (!bindings) return null;
    return new Map(
      bindings.map((binding) => {
        const { method, original } = binding.method;
        return [method, { original, route: this.#route(binding) }];
      }),
    );
  }

  #route(binding: TaskBinding): Route {
    const pool = this.directory.get(binding.pool, binding.task);
    const tasks = this.#asyncTasks.get(binding.pool);
    if (!tasks) {
      const route = threadRoute(pool, binding);
      return this.stage?.route(binding, route) ?? route;
    }
    if (Object.hasOwn(tasks, binding.task)) return asyncRoute(pool, binding);
    throw new PoolConfigError(
      `pool '${binding.pool}': ${binding.cls.name} comes out of a factory, so an async pool learns of it too late. Provide it under its class: { provide: ${binding.cls.name}, useFactory: ... }.`,
      { pool: binding.pool },
    );
  }
}
