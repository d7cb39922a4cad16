import { inspect } from 'node:util';
import type { LogLevel, LogLine, ToMain } from '../protocol.js';
import { encodeError, type WireError } from '../wire/error-codec.js';
import { certificate } from './certificate.js';
import { LineBound } from './line-bound.js';
import { runningTask } from './running-task.js';

interface LogLines {
  /** How many lines were sent so far. */
  posted: number;
  /** What the lines of the task that runs are found by. */
  correlationIds: (() => readonly string[]) | null;
}

/** The log lines of this thread. */
export const logLines: LogLines = { posted: 0, correlationIds: null };

const bound = new LineBound((leftOut) => {
  const note = `${leftOut} log lines of this worker were left out: it wrote more than ${LineBound.LINES} lines, or ${LineBound.CHARACTERS} characters, within a second.`;
  post({ level: 'warn', parts: [note], task: null, correlationIds: [] });
});

/** Sends a log line to the main thread, with the task that writes it. */
export function postLog(level: LogLevel, parts: readonly unknown[], context?: string): void {
  if (!bound.admits(performance.now())) return;
  const sent = parts.map(toPart);
  bound.wrote(sent.reduce((sum, part) => sum + (typeof part === 'string' ? part.length : 0), 0));
  post({
    level,
    parts: sent,
    context,
    task: runningTask()?.task ?? null,
    correlationIds: logLines.correlationIds?.() ?? [],
  });
}

/** Tells of lines that were left out, before the thread ends. */
export function flushLog(): void {
  bound.flush();
}

function post(line: LogLine): void {
  logLines.posted++;
  certificate().port.postMessage({ kind: 'log', line } satisfies ToMain);
}

/** Whatever its parts are, a line keeps no task from going on. */
function toPart(part: unknown): string | WireError {
  if (typeof part === 'string') return part;
  try {
    return sendable(part);
  } catch {
    // A trap of a Proxy, or what the object has for inspect(), threw.
    return inspect(part, { depth: 4, customInspect: false });
  }
}

/** Errors and plain data stay what they are; what would lose its class or cannot be sent goes as text. */
function sendable(part: unknown): string | WireError {
  const encoded = isPlain(part) ? encodeError(part) : null;
  // Where plain data holds something that cannot be cloned, an error about that would stand in its place.
  if (encoded && (encoded.kind === 'value' || part instanceof Error)) return encoded;
  return inspect(part, { depth: 4 });
}

function isPlain(part: unknown): boolean {
  if (typeof part !== 'object' || part === null) return typeof part !== 'function' && typeof part !== 'symbol';
  const prototype: unknown = Object.getPrototypeOf(part);
  return part instanceof Error || Array.isArray(part) || prototype === Object.prototype || prototype === null;
}
