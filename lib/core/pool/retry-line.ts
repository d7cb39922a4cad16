import type { Clock, Timer } from '../clock.js';
import type { PoolError } from '../errors.js';
import type { EventHub } from './event-hub.js';
import type { Counters } from './counters.js';
import type { Task } from './task.js';
import type { TaskLedger } from './task-ledger.js';

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 10_000;

/**
 * Idempotent tasks that lost their worker wait here until they run again (P9): 100 ms before the first retry, doubling up
 * to 10 s. They count as queued; no deadline for waiting runs meanwhile.
 */
export class RetryLine {
  readonly #timers = new Map<Task, Timer>();

  /** `onDue` is told when a task is back in the queue. */
  constructor(
    readonly ledger: TaskLedger,
    readonly clock: Clock,
    readonly counters: Counters,
    readonly events: EventHub,
    readonly onDue: () => void,
  ) {}

  /** Whether it may run once more: not where it has yielded items, which its reader would get twice. */
  takes({ settings, attempt, moves, delivered }: Task): boolean {
    return settings.idempotent && attempt <= settings.retries && !moves && delivered === 0;
  }

  add(task: Task, error: PoolError): void {
    const delayMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (task.attempt - 1));
    task.attempt++;
    this.counters.retried++;
    this.ledger.setAside(task, this);
    const timer = this.clock.schedule(delayMs, () => this.#rejoin(task), { keepAlive: true });
    this.#timers.set(task, timer);
    const { id, name, attempt } = task;
    if (this.events.has('retried')) this.events.emit('retried', { id, task: name, attempt, delayMs, error });
  }

  /** It waits here no more: it was cancelled, or rejoins the queue. */
  remove(task: Task): void {
    this.#timers.get(task)?.cancel();
    this.#timers.delete(task);
  }

  #rejoin(task: Task): void {
    task.waitsSince = this.clock.now();
    this.ledger.requeue(task);
    this.onDue();
  }
}
