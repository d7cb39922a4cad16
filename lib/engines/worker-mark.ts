import { workerData } from 'node:worker_threads';

/**
 * The key of workerData under which a pool's thread finds its birth certificate. `isMainThread` would not do: test
 * runners and other pools run applications in threads too.
 */
export const WORKER_MARK = 'nestjs-dynamic-pool';

/** Whether this code runs inside a worker thread of one of our pools. */
export function isPoolWorker(): boolean {
  return typeof workerData === 'object' && workerData !== null && WORKER_MARK in workerData;
}
