import { afterEach, expect } from 'vitest';
import type { Engine, EngineTask, EngineWorker, Outcome, WorkerExit, WorkerSink } from '../../lib/core/engine.js';

/** An engine that runs the tasks of test/fixtures/tasks/conformance.ts, one at a time in each worker. */
export interface EngineHarness {
  readonly engine: Engine;
  /** Lets the engine go on until a condition holds; rejects where it does not come to hold. */
  until(isMet: () => boolean): Promise<void>;
  /** Lets the engine go on for as long as a late report might take. */
  linger(): Promise<void>;
}

type Report = 'ready' | 'started' | 'settled' | 'exited';

/** Keeps what a worker reports. */
export class Log implements WorkerSink {
  readonly reports: Report[] = [];
  readonly begun: EngineTask[] = [];
  readonly outcomes: Outcome[] = [];
  /** What tasks told before their ends, in order. */
  readonly told: {
    readonly task: EngineTask;
    readonly what: 'opened' | 'item' | 'progress' | 'broken';
    readonly value?: unknown;
  }[] = [];
  info: { readonly threadId: number | null; readonly tasks: readonly string[] } | null = null;
  exit: WorkerExit | null = null;

  ready(info: { readonly threadId: number | null; readonly tasks: readonly string[] }): void {
    this.reports.push('ready');
    this.info = info;
  }

  started(task: EngineTask): void {
    this.reports.push('started');
    this.begun.push(task);
  }

  opened(task: EngineTask): void {
    this.told.push({ task, what: 'opened' });
  }

  item(task: EngineTask, value: unknown): void {
    this.told.push({ task, what: 'item', value });
  }

  progress(task: EngineTask, value: unknown): void {
    this.told.push({ task, what: 'progress', value });
  }

  broken(task: EngineTask, value: unknown): void {
    this.told.push({ task, what: 'broken', value });
  }

  itemsOf(task: EngineTask): unknown[] {
    return this.told.filter((each) => each.task === task && each.what === 'item').map((each) => each.value);
  }

  settled(outcomes: readonly Outcome[]): void {
    this.reports.push('settled');
    this.outcomes.push(...outcomes);
  }

  exited(exit: WorkerExit): void {
    this.reports.push('exited');
    this.exit = exit;
  }

  outcomesOf(task: EngineTask): Outcome[] {
    return this.outcomes.filter((outcome) => outcome.task === task);
  }
}

let lastTaskId = 0;

/** A task of test/fixtures/tasks/conformance.ts. */
export function task(name: string, ...args: unknown[]): EngineTask {
  return {
    id: ++lastTaskId,
    name,
    args,
    transfer: undefined,
    slot: -1,
    attempt: 1,
    context: undefined,
    answer: 'value',
    signalArgs: args.flatMap((arg, index) => (arg instanceof AbortSignal ? [index] : [])),
  };
}

/** The same task, called for another answer. */
export function answering(answer: EngineTask['answer'], name: string, ...args: unknown[]): EngineTask {
  return { ...task(name, ...args), answer };
}

/** A flag in shared memory, and whether it is up. */
export function flag() {
  const memory = new SharedArrayBuffer(4);
  return { memory, isUp: () => Atomics.load(new Int32Array(memory), 0) === 1 };
}

/** Stops this thread, not the others. */
export function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** Spawns workers of an engine for one test each, and sees to it that they exit. */
export function spawner(makeHarness: () => EngineHarness) {
  const spawned: { worker: EngineWorker; log: Log; harness: EngineHarness }[] = [];

  afterEach(async () => {
    for (const { worker, log, harness } of spawned.splice(0)) {
      if (!log.exit) worker.terminate();
      await harness.until(() => log.exit !== null);
    }
  });

  function spawn(harness: EngineHarness = makeHarness()) {
    const log = new Log();
    const worker = harness.engine.spawn(spawned.length + 1, log);
    expect(log.reports).toEqual([]);
    spawned.push({ worker, log, harness });
    return { worker, log, ...harness };
  }

  async function ready(harness?: EngineHarness) {
    const subject = spawn(harness);
    await subject.until(() => subject.log.info !== null);
    return subject;
  }

  return { spawn, ready };
}
