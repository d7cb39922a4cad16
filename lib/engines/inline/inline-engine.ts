import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from '../../core/clock.js';
import type { CallerPort, Engine, EngineTask, WorkerSink } from '../../core/engine.js';
import type { ResolvedPoolOptions } from '../../core/pool/resolve-options.js';
import { offerLocalContexts } from '../local-contexts.js';
import { runLikeElsewhere } from '../thread/run-like-elsewhere.js';
import type { TaskHost } from '../thread/task-host.js';
import type { ErrorClasses } from '../thread/wire/error-classes.js';
import { InlineWorker } from './inline-worker.js';
import { PlannedFaults } from './planned-faults.js';

/** What the inline workers of one pool have in common. */
export interface InlineEngineOptions {
  readonly pool: ResolvedPoolOptions;
  /** Builds what a worker serves; asked at every boot. Throwing fails the boot with that error. */
  readonly boot: () => Promise<TaskHost> | TaskHost;
  /** The classes that errors of tasks come back as. */
  readonly errorClasses: ErrorClasses;
  readonly clock: Clock;
  /** How long a worker takes to boot, milliseconds. */
  readonly bootMs: number;
  /** Takes what goes with a call out of the caller's surroundings; the host's `around` puts it back. Default: nothing. */
  readonly capture?: (() => unknown) | undefined;
  /** What goes ahead of a task's arguments, and is not copied. Default: nothing. */
  readonly ahead?: ((task: EngineTask) => readonly unknown[]) | undefined;
  /** Runs a task under `caller-runs` or `inlineBelowUs`. */
  readonly runHere: (name: string, args: readonly unknown[]) => Promise<unknown>;
  /** What makes of a result that was copied what its caller gets. Default: the copy. */
  readonly reviveResult?: ((task: string, value: unknown) => unknown) | undefined;
}

/**
 * Stands in for threads where there shall be none: tasks run on this event loop, one at a time in each worker, and
 * what crosses between caller and task is copied as it would be between threads.
 *
 * What it cannot do: interrupt a task that computes, give each worker its own module state, or run two tasks at once. A
 * task that is terminated goes on; nobody hears of it any more.
 */
export class InlineEngine implements Engine {
  readonly presend = 0;
  readonly interrupts = true;
  readonly taskNames = null;
  readonly capture: Engine['capture'];
  readonly faults = new PlannedFaults();
  /** Those that have not exited, by id. */
  readonly workers = new Map<number, InlineWorker>();
  /** Runs a function outside the async context of any caller, as a thread would. */
  readonly outside: <R>(run: () => R) => R = AsyncLocalStorage.snapshot();

  constructor(readonly options: InlineEngineOptions) {
    this.capture = options.capture;
    offerLocalContexts();
  }

  spawn(workerId: number, sink: WorkerSink): InlineWorker {
    const worker = new InlineWorker(workerId, sink, this);
    this.workers.set(workerId, worker);
    return worker;
  }

  runHere(task: EngineTask, caller: CallerPort): Promise<unknown> {
    return runLikeElsewhere(this.options, task, caller);
  }
}
