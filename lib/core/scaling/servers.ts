import { wholeWorkers } from './whole-workers.js';

/** A pool, as far as it tells how many tasks a worker may run at the same time. */
interface Served {
  readonly concurrency?: number | undefined;
}

/**
 * Servers, as queueing theory calls whatever does one task at a time: each worker is as many as it may run tasks at the
 * same time. Tasks that compute share its core instead, and take the longer for it, which their service time then tells.
 */
export function serversOf(workers: number, { concurrency = 1 }: Served): number {
  return workers * concurrency;
}

/** The least workers that are so many servers, at least one. */
export function workersFor(servers: number, { concurrency = 1 }: Served): number {
  return wholeWorkers(servers / concurrency);
}
