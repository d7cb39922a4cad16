import { inspect } from 'node:util';
import type { WorkerLogLine } from './protocol.js';

/** What was logged, as text; errors with their stacks and causes. */
export function textOf({ parts }: WorkerLogLine): string {
  return parts.map(partText).join('\n');
}

function partText(part: unknown): string {
  return typeof part === 'string' ? part : inspect(part, { depth: 4 });
}

/** The task that a line is from, and what it is found by: ` Class.method id=...`, or nothing. */
export function originOf({ task, correlationIds }: WorkerLogLine): string {
  const ids = correlationIds.length === 0 ? '' : ` id=${correlationIds.join(',')}`;
  return `${task === null ? '' : ` ${task}`}${ids}`;
}
