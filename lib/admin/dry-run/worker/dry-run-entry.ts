import { parentPort, workerData } from 'node:worker_threads';
import type { DryRunJob } from '../dry-run-job.js';
import { runJob } from '../run-job.js';

// oxlint-disable-next-line unicorn/require-post-message-target-origin
parentPort?.postMessage(runJob(workerData as DryRunJob));
