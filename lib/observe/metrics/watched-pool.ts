import type { PoolEventListener, PoolEventName, WorkerExitReason } from '../../core/contract/events.js';
import type { Pool } from '../../core/contract/pool.js';
import type { Decision } from '../../core/scaling/contract.js';
import type { PoolService } from '../../nest/pool.service.js';
import type { Labels, Outcome, PoolReadings } from './pool-readings.js';
import { TaskTallies } from './task-tallies.js';

/**
 * What the metrics of a pool are read from. It listens to what happens now and then, decisions and exits of workers; to
 * every task only where those are told apart.
 */
export class WatchedPool {
  readonly #pool: Pool;
  readonly #labels: Labels;
  readonly #decisions: Record<Outcome, number> = { applied: 0, held: 0, unchanged: 0 };
  readonly #exits: Record<WorkerExitReason, number> = {
    shrunk: 0,
    idle: 0,
    recycled: 0,
    aborted: 0,
    crashed: 0,
    closed: 0,
  };
  readonly #tasks: TaskTallies | null;
  readonly #endings: (() => void)[] = [];

  constructor(
    readonly pools: PoolService,
    readonly name: string,
    taskLabel: boolean,
  ) {
    this.#pool = pools.get(name);
    this.#labels = Object.freeze({ pool: name });
    this.#listen('decision', (decision) => this.#decisions[outcomeOf(decision)]++);
    this.#listen('workerExited', ({ reason }) => this.#exits[reason]++);
    this.#tasks = taskLabel ? new TaskTallies(name, pools.snapshot(name).counters, pools.histograms(name)) : null;
    if (this.#tasks) this.#listenToTasks(this.#tasks);
  }

  read(): PoolReadings {
    return {
      labels: this.#labels,
      snapshot: this.pools.snapshot(this.name),
      histograms: this.pools.histograms(this.name),
      quarantined: this.pools.quarantined(this.name).length,
      autoscaler: this.pools.autoscaler(this.name),
      objectiveMs: this.#pool.autoscaler?.objectiveMs ?? null,
      decisions: this.#decisions,
      exits: this.#exits,
      tasks: this.#tasks?.read() ?? null,
    };
  }

  /** Listens no more. */
  close(): void {
    for (const end of this.#endings.splice(0)) end();
  }

  #listenToTasks(tasks: TaskTallies): void {
    this.#listen('submitted', ({ task }) => tasks.of(task).submitted++);
    this.#listen('started', ({ task, waitMs }) => tasks.of(task).wait.record(waitMs));
    this.#listen('completed', ({ task, serviceMs }) => {
      const tally = tasks.of(task);
      tally.completed++;
      tally.service.record(serviceMs);
    });
    this.#listen('failed', ({ task, serviceMs }) => {
      const tally = tasks.of(task);
      tally.failed++;
      if (serviceMs !== undefined) tally.service.record(serviceMs);
    });
    this.#listen('cancelled', ({ task }) => tasks.of(task).cancelled++);
    this.#listen('dropped', ({ task }) => tasks.of(task).dropped++);
  }

  #listen<E extends PoolEventName>(event: E, listener: PoolEventListener<E>): void {
    this.#pool.on(event, listener);
    this.#endings.push(() => void this.#pool.off(event, listener));
  }
}

/** A proposal that a guard has trimmed is applied; held is what came to nothing. */
function outcomeOf({ from, to, heldBy }: Decision): Outcome {
  if (to !== from) return 'applied';
  return heldBy === null ? 'unchanged' : 'held';
}
