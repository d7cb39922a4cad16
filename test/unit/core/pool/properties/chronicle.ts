import type { EngineTask } from '../../../../../lib/core/engine.js';
import type { LocalPool } from '../../../../../lib/core/pool/local-pool.js';
import type { VirtualClock } from '../../../../support/virtual-clock.js';
import { LOAD } from './scenario.js';

interface Beginning {
  readonly workerId: number;
  readonly at: number;
}

/** What a pool's events told of its tasks. */
export class Chronicle {
  /** Tasks that have begun and not ended. */
  readonly running = new Map<number, Beginning>();
  readonly ended = new Set<number>();
  /** The tasks of each worker, in the order in which they began. */
  readonly beginnings = new Map<number, number[]>();
  /** Tasks that began twice, or ended twice, or did anything after their end. */
  readonly oddities: string[] = [];
  /** Tasks that wait, but not for the next free worker: for their retry, or for a certain one. */
  readonly aside = new Set<number>();
  /** Tasks of broadcasts, and how many of them have ended. */
  readonly broadcast = new Set<number>();
  broadcastEnded = 0;
  retries = 0;
  /** How often a task came back to the queue that counted as started: each may make it one too long. */
  returns = 0;

  constructor(pool: LocalPool, clock: VirtualClock) {
    pool.on('submitted', ({ id, task }) => {
      if (task !== LOAD) return;
      this.broadcast.add(id);
      this.aside.add(id);
    });
    pool.on('retried', ({ id }) => {
      this.retries++;
      this.running.delete(id);
      this.aside.add(id);
    });
    pool.on('started', ({ id, workerId }) => {
      this.aside.delete(id);
      if (this.running.has(id) || this.ended.has(id)) this.oddities.push(`${id} started again`);
      this.running.set(id, { workerId, at: clock.now() });
      this.beginnings.set(workerId, [...(this.beginnings.get(workerId) ?? []), id]);
    });
    for (const event of ['completed', 'failed', 'cancelled', 'dropped'] as const) {
      pool.on(event, ({ id }) => {
        if (this.ended.has(id)) this.oddities.push(`${id} ended again: ${event}`);
        if (event === 'completed' && !this.running.has(id)) this.oddities.push(`${id} completed and had not begun`);
        this.ended.add(id);
        this.running.delete(id);
        this.aside.delete(id);
        if (this.broadcast.has(id)) this.broadcastEnded++;
      });
    }
  }

  /** Tasks that count as started have not begun, and their worker dies. */
  giveBack(tasks: readonly EngineTask[]): void {
    for (const { id, transfer } of tasks) {
      // What it moved is lost, and so is the task.
      if (transfer === undefined && this.running.delete(id)) this.returns++;
    }
  }
}
