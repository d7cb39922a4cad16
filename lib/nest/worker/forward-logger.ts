import type { LoggerService } from '@nestjs/common';
import { inspect } from 'node:util';
import type { LogLevel } from '../../engines/thread/protocol.js';
import { postLog } from '../../engines/thread/worker/serve-tasks.js';

/** Nest tells of its own start at level `log`: noise, once per worker. Errors of the boot are thrown as well. */
const NOISE = ['NestFactory', 'InstanceLoader', 'ExceptionHandler'];
const STACK = /^.+\n\s+at .+:\d+:\d+/;

/** Sends a worker's log lines to the application's logger on the main thread. Reads parameters as `ConsoleLogger` does. */
export class ForwardLogger implements LoggerService {
  log(message: unknown, ...rest: unknown[]): void {
    forward('log', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    forward('warn', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    forward('error', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    forward('fatal', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    forward('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    forward('verbose', message, rest);
  }
}

function forward(level: LogLevel, message: unknown, rest: readonly unknown[]): void {
  const last = rest.at(-1);
  const context = typeof last === 'string' && !STACK.test(last) ? last : undefined;
  if (context !== undefined && NOISE.includes(context)) return;
  const parts = context === undefined ? [message, ...rest] : [message, ...rest.slice(0, -1)];
  const text = parts.filter((part) => part !== undefined).map(toText);
  postLog({ level, message: text.join('\n'), context });
}

function toText(part: unknown): string {
  if (typeof part === 'string') return part;
  return part instanceof Error ? (part.stack ?? part.message) : inspect(part, { depth: 4 });
}
