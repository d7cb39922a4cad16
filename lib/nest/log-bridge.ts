import { Logger } from '@nestjs/common';
import { originOf, textOf } from '../engines/thread/log-text.js';
import type { WorkerLogLine } from '../engines/thread/protocol.js';

/** Context of all log lines of this library, and of workers' lines that have none. */
export const LOG_CONTEXT = 'DynamicPool';

/** How log lines of workers reach the application's logger. */
export const LOG_BRIDGES = { text: bridgeText, fields: bridgeFields } as const;

/** Pool, thread, task and correlation ids stand in front of the message, which any logger can print. */
function bridgeText(line: WorkerLogLine): void {
  const { pool, threadId, level, context = LOG_CONTEXT } = line;
  Logger[level](`[${pool} thread ${threadId}${originOf(line)}] ${textOf(line)}`, context);
}

/**
 * They stand in an object behind the message. What was logged stays what it was: loggers that write JSON find objects,
 * errors and stacks.
 */
function bridgeFields({ pool, threadId, level, context = LOG_CONTEXT, ...line }: WorkerLogLine): void {
  const { task, correlationIds } = line;
  const [message, ...rest] = line.parts;
  const id = correlationIds.length > 1 ? correlationIds : correlationIds[0];
  const fields = { pool, thread: threadId, ...(task !== null && { task }), ...(id && { correlationId: id }) };
  Logger[level](message, fields, ...rest, context);
}

/** A fault of an autoscaler, which goes on by itself or waits for a policy. */
export function logFault(pool: string, fault: Error): void {
  Logger.warn(`pool '${pool}': the autoscaler failed, the size stays: ${fault.message}`, LOG_CONTEXT);
}
