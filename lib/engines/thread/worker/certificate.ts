import { workerData } from 'node:worker_threads';
import { WORKER_MARK } from '../../worker-mark.js';
import type { BirthCertificate } from '../protocol.js';

/** What this thread was born with. */
export function certificate(): BirthCertificate {
  return (workerData as Record<typeof WORKER_MARK, BirthCertificate>)[WORKER_MARK];
}
