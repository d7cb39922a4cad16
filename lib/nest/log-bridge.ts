import { Logger } from '@nestjs/common';
import type { WorkerLogLine } from '../engines/thread/protocol.js';

/** Context of all log lines of this library, and of workers' lines that have none. */
export const LOG_CONTEXT = 'DynamicPool';

/** Writes a worker's log line to the application's logger, with the pool and the thread it comes from. */
export function bridgeLog({ pool, threadId, level, message, context }: WorkerLogLine): void {
  Logger[level](`[${pool} thread ${threadId}] ${message}`, context ?? LOG_CONTEXT);
}

/** A fault of an autoscaler, which goes on by itself or waits for a policy. */
export function logFault(pool: string, fault: Error): void {
  Logger.warn(`pool '${pool}': the autoscaler failed, the size stays: ${fault.message}`, LOG_CONTEXT);
}
