import type { LoggerService } from '@nestjs/common';
import type { LogLevel } from '../../engines/thread/protocol.js';
import { postLog } from '../../engines/thread/worker/log-lines.js';

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
  postLog(level, parts.filter((part) => part !== undefined).map(resolved), context);
}

/** `ConsoleLogger` takes a function for a message that is made when it is needed, and of a class it prints the name. */
function resolved(part: unknown): unknown {
  if (typeof part !== 'function') return part;
  return isClass(part) ? part.name : (part as () => unknown)();
}

function isClass(value: Function): boolean {
  return Function.prototype.toString.call(value).startsWith('class ');
}
