/** For code that runs inside a worker: `nestjs-dynamic-pool/worker`. */
export { taskContext, type TaskContext } from '../engines/task-context.js';
export { transfer } from '../engines/thread/worker/transfer.js';
export { runPoolWorker, type PoolWorkerEntryOptions } from '../nest/worker/run-pool-worker.js';
