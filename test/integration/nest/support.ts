import type { INestApplication, LoggerService, ModuleMetadata } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { onTestFinished } from 'vitest';
import { DynamicPoolModule, type DynamicPoolModuleOptions } from '../../../lib/index.js';

/** An application without a port, closed when the test is over. */
export async function startApp(
  metadata: ModuleMetadata,
  logger: LoggerService | false = false,
): Promise<INestApplication> {
  const app = await createApp(metadata, logger);
  return app.init();
}

export async function createApp(
  metadata: ModuleMetadata,
  logger: LoggerService | false = false,
): Promise<INestApplication> {
  const app = await NestFactory.create(metadata, { logger, abortOnError: false });
  onTestFinished(() => app.close());
  return app;
}

/** An application that listens; returns the address of a path. */
export async function listen(app: INestApplication): Promise<(path: string) => string> {
  await app.listen(0, '127.0.0.1');
  const base = await app.getUrl();
  return (path) => new URL(path, base).href;
}

/** One pool, `main`, of one thread, which stays at its size. */
export function onePool(
  options: DynamicPoolModuleOptions['pools'][string] = {},
  rest: Partial<DynamicPoolModuleOptions> = {},
) {
  return DynamicPoolModule.forRoot({ ...rest, pools: { main: { size: { max: 1 }, scaling: false, ...options } } });
}

/** What a promise rejects with. */
export function failure(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => Promise.reject(new Error('it did not fail')),
    (error: Error) => error,
  );
}

export interface Line {
  level: string;
  message: unknown;
  context: unknown;
}

/** A logger that remembers. */
export class Remembering implements LoggerService {
  readonly lines: Line[] = [];
  log = this.#at('log');
  error = this.#at('error');
  warn = this.#at('warn');
  debug = this.#at('debug');
  verbose = this.#at('verbose');
  fatal = this.#at('fatal');

  #at(level: string) {
    return (message: unknown, ...rest: unknown[]) => void this.lines.push({ level, message, context: rest.at(-1) });
  }
}
