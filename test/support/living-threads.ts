import type { Worker } from 'node:worker_threads';

/** The worker threads of this process that live, by their thread ids, from when this module was loaded. */
export const livingThreads: ReadonlyMap<number, Worker> = watched();

function watched(): ReadonlyMap<number, Worker> {
  const living = new Map<number, Worker>();
  process.on('worker', (worker: Worker) => {
    const { threadId } = worker;
    living.set(threadId, worker);
    worker.once('exit', () => living.delete(threadId));
  });
  return living;
}
