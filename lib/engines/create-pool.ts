import type { PoolOptions, TaskFn } from '../core/contract/pool-options.js';
import type { Budget } from '../core/budget/budget.js';
import type { PoolShare } from '../core/budget/member.js';
import { systemClock, type Clock } from '../core/clock.js';
import type { Engine } from '../core/engine.js';
import type { NamedCarrier } from '../core/named-carriers.js';
import { LocalPool } from '../core/pool/local-pool.js';
import { resolvePoolOptions, type ResolvedPoolOptions } from '../core/pool/resolve-options.js';
import { PoolConfigError, TaskNotFoundError } from '../core/errors.js';
import { ownFile } from '../core/own-file.js';
import { refusal, requireObject } from '../core/validate.js';
import { warnOfFault } from '../core/scaling/autoscale.js';
import { PoolAutoscaler, type ScalingKit } from '../core/scaling/autoscaler.js';
import type { ResolvedScaling } from '../core/scaling/resolve-scaling.js';
import type { Ticker } from '../core/scaling/ticker.js';
import { captureFrom } from './context/capture.js';
import type { PlannedCarrier } from './context/load-carriers.js';
import { createAsyncEngine } from './async/async-engine.js';
import { tasksOf, type TaskMap } from './thread/module-tasks.js';
import { logOutlet } from './thread/log-outlet.js';
import { originOf, textOf } from './thread/log-text.js';
import type { WorkerLogLine } from './thread/protocol.js';
import { createThreadEngine, type ThreadSources } from './thread/thread-engine.js';
import type { ModulePlan } from './thread/worker/module-entry.js';
import { ErrorClasses } from './thread/wire/error-classes.js';
import { checkTypeScript } from './typescript/check-swc.js';
import { isTypeScript } from './typescript/source-files.js';
import { findSwc } from './typescript/swc.js';
import { checkWorkerFile } from './worker-file.js';

/** What surrounds calls and goes along to the threads. */
export interface HostContext {
  /** Main's carriers, asked at each call. */
  readonly carriers: () => readonly NamedCarrier[];
  /** What a thread that serves a module of functions is told of them; asked at every spawn. */
  readonly planned: () => readonly PlannedCarrier[];
}

/** What a host (the Nest module) brings to a pool of its own. */
export interface PoolHost {
  /** What the parts of a policy need from outside the core. */
  readonly kit: ScalingKit;
  /** What makes the autoscaler tick. Default: a timer of its own. */
  readonly ticker?: Ticker;
  /** Hears of faults of the autoscaler. Default: a process warning. */
  readonly onFault?: (pool: string, fault: Error) => void;
  /** The file each thread runs; it calls `serveTasks`. Default: one that serves the functions of the module `tasks`. */
  readonly entry?: URL;
  /** What each thread loads besides the entry; asked for at every spawn. TypeScript among it is transpiled there. */
  readonly files?: () => readonly string[];
  /** What each thread is told at its birth; asked for at every spawn. Must survive structured clone. */
  readonly plan?: () => unknown;
  readonly errorClasses?: ErrorClasses;
  /** Runs a task on this thread, for the overflow policy `caller-runs`. */
  readonly runHere?: (name: string, args: readonly unknown[]) => Promise<unknown>;
  /** What makes of a result that was copied what its caller gets. Default: the copy. */
  readonly reviveResult?: (task: string, value: unknown) => unknown;
  /** Default true; false: workers start at `start()` or the first `run()`. */
  readonly autostart?: boolean;
  /** What surrounds calls and goes along. Default: what the option `context` lists. */
  readonly context?: HostContext;
  /** Hears the log lines of the threads. Default: they go to standard error. */
  readonly onLog?: (line: WorkerLogLine) => void;
  /** What runs the tasks, in place of threads. */
  readonly engine?: (pool: ResolvedPoolOptions, around: EngineSurroundings) => Engine;
  /** Default: the process's own. */
  readonly clock?: Clock;
}

/** What surrounds the calls of a pool, for its engine. */
export interface EngineSurroundings {
  readonly context: HostContext | undefined;
  readonly capture: (() => unknown) | undefined;
}

/**
 * Creates a pool, for a host that may bring its own worker entry, and steers the pool.
 * @throws PoolConfigError before any thread starts, naming the option and what is allowed.
 */
export function createManagedPool(options: PoolOptions, host: PoolHost): LocalPool {
  const asked = resolvePoolOptions(options);
  const share = joinBudget(options.budget, asked);
  try {
    return assemble(share ? Object.freeze({ ...asked, initial: share.held }) : asked, share, host);
  } catch (error) {
    share?.leave();
    throw error;
  }
}

function joinBudget(budget: Budget | undefined, { name, min, max, initial }: ResolvedPoolOptions): PoolShare | null {
  if (budget === undefined) return null;
  const { join } = requireObject({ pool: name, option: 'budget' }, budget);
  if (typeof join === 'function') return budget.join({ name, min, max, initial });
  throw refusal({ pool: name, option: 'budget' }, budget, 'what createBudget() returns');
}

function assemble(resolved: ResolvedPoolOptions, share: PoolShare | null, host: PoolHost): LocalPool {
  const pool = new LocalPool(resolved, createEngine(resolved, host), host.clock ?? systemClock, share);
  if (resolved.scaling) pool.attach(autoscalerOf(pool, resolved.scaling, share, host));
  try {
    if (host.autostart ?? true) pool.start();
  } catch (error) {
    pool.autoscaler?.stop();
    throw error;
  }
  return pool;
}

function autoscalerOf(
  pool: LocalPool,
  scaling: ResolvedScaling,
  share: PoolShare | null,
  host: PoolHost,
): PoolAutoscaler {
  const { kit, clock, ticker, onFault = warnOfFault } = host;
  return new PoolAutoscaler(pool.name, pool, scaling, {
    kit,
    clock,
    ticker,
    budget: share,
    events: {
      decision: (decision) => pool.announce('decision', decision),
      flapping: (flapping) => pool.announce('flapping', flapping),
      fault: (fault) => onFault(pool.name, fault),
    },
  });
}

function createEngine(pool: ResolvedPoolOptions, host: PoolHost): Engine {
  if (pool.kind === 'async') return createAsyncEngine(pool.name, asyncTasks(pool), host.clock);
  const { errorClasses = new ErrorClasses(), onLog = printLog, context = ownContext(pool) } = host;
  const capture = context && captureFrom(pool.name, context.carriers);
  if (host.engine) return host.engine(pool, { context, capture });
  const common = { pool, errorClasses, capture, onLog: logOutlet(pool.name, onLog) };
  if (host.entry) {
    const { entry, files = () => [], plan = () => null, runHere = () => cannotRunHere(pool), reviveResult } = host;
    checkTypeScript(pool.name, 'the entry', entry);
    return createThreadEngine({ ...common, entry, sources: threadSources(files), plan, runHere, reviveResult });
  }
  const { href } = checkWorkerFile({ pool: pool.name, option: 'tasks', file: pool.tasks });
  const plan = (): ModulePlan => ({ pool: pool.name, file: href, carriers: context?.planned() ?? [] });
  const runHere = moduleRunner({ pool: pool.name, file: href });
  // Functions need no metadata: without @swc/core they may load by what Node.js itself, or a runner, does about types.
  const files = isTypeScript(href) && findSwc(new URL(href)) === null ? [] : [href];
  const sources = threadSources(() => files);
  return createThreadEngine({ ...common, entry: moduleEntry(pool), sources, plan, runHere });
}

/** The threads look for the carriers of the option among what the module exports. */
function ownContext({ context }: ResolvedPoolOptions): HostContext | undefined {
  if (context.length === 0) return undefined;
  return { carriers: () => context, planned: () => context.map(({ name }) => ({ name, file: null })) };
}

/** What a thread runs that serves the functions of a module. */
function moduleEntry({ name }: ResolvedPoolOptions): URL {
  const entry = ownFile('./thread/worker/module-entry.js', import.meta.url);
  if (entry) return entry;
  throw new PoolConfigError(
    `pool '${name}': nestjs-dynamic-pool was taken into a bundle, and the file that its threads start with was not. Leave nestjs-dynamic-pool out of the bundle: name it among the external packages.`,
    { pool: name },
  );
}

/** What comes before the entry in threads that load TypeScript; a bundle has left it behind, and holds no TypeScript. */
function threadSources(files: () => readonly string[]): ThreadSources | undefined {
  const entry = ownFile('./typescript/source-entry.js', import.meta.url);
  return entry ? { entry, files } : undefined;
}

/** Runs the functions of a module on this thread; it is imported here when that first happens. */
function moduleRunner({ pool, file }: ModulePlan): (name: string, args: readonly unknown[]) => Promise<unknown> {
  let tasks: Promise<TaskMap> | null = null;
  return async (name, args) => {
    tasks ??= importHere(pool, file).then(tasksOf);
    const task = (await tasks).get(name);
    if (!task) throw new TaskNotFoundError(`pool '${pool}' has no task '${name}' in ${file}.`, { pool });
    return task(...args);
  };
}

/** On this thread a runner of the application has a say; one that is not asked for `import()` may leave TypeScript as it is. */
async function importHere(pool: string, file: string): Promise<Record<string, unknown>> {
  try {
    return (await import(/* webpackIgnore: true */ file)) as Record<string, unknown>;
  } catch (cause) {
    if (!isTypeScript(file)) throw cause;
    const told = cause instanceof Error ? cause.message : String(cause);
    throw new PoolConfigError(
      `pool '${pool}': a task was to run on the calling thread, and importing ${file} failed there: ${told}. Only threads of the pool load TypeScript by themselves: choose another queue.overflow than 'caller-runs', leave out inlineBelowUs, or run the compiled code.`,
      { pool, cause },
    );
  }
}

async function cannotRunHere({ name }: ResolvedPoolOptions): Promise<never> {
  throw new PoolConfigError(
    `pool '${name}': queue.overflow 'caller-runs' needs code that this thread can run. Choose another policy.`,
    { pool: name },
  );
}

function asyncTasks({ name, tasks }: ResolvedPoolOptions): ReadonlyMap<string, TaskFn> {
  const place = { pool: name, option: 'tasks' };
  if (typeof tasks === 'string' || tasks instanceof URL) {
    throw refusal(place, String(tasks), "a record of functions, since kind is 'async'");
  }
  const record = requireObject(place, tasks);
  for (const [task, fn] of Object.entries(record)) {
    if (typeof fn !== 'function') throw refusal({ pool: name, option: `tasks.${task}` }, fn, 'a function');
  }
  return new Map(Object.entries(record as Record<string, TaskFn>));
}

function printLog(line: WorkerLogLine): void {
  process.stderr.write(`[pool ${line.pool} #${line.workerId}${originOf(line)}] ${line.level}: ${textOf(line)}\n`);
}
