import { workerData } from 'node:worker_threads';
import { WORKER_MARK } from '../../worker-mark.js';
import type { BirthCertificate } from '../protocol.js';

/** What this thread was born with. */
export function certificate(): BirthCertificate {
  return (workerData as Record<typeof WORKER_MARK, BirthCertificate>)[WORKER_MARK];
}

let joinedAs: number | null = null;

/** The pool's number of this worker; 0 for a spare that has not joined it. */
export function workerNumber(): number {
  return joinedAs ?? certificate().workerId;
}

/** A spare joins the pool. */
export function joinAs(workerId: number): void {
  joinedAs = workerId;
}
