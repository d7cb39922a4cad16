import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';
import { PoolClosedError, PoolFullError, QueueTimeoutError, TaskTimeoutError } from '../core/errors.js';

type Refusal = PoolFullError | PoolClosedError | QueueTimeoutError | TaskTimeoutError;

/** Not read from `node:http`: every worker loads this file, and on Node.js 24 that module takes it 20 ms. */
const STATUS_TEXTS: Readonly<Record<number, string>> = { 503: 'Service Unavailable', 504: 'Gateway Timeout' };

/** Retry-After of refusals that cannot tell a time. */
const RETRY_AFTER_SECONDS = 1;

/**
 * Answers HTTP requests that a pool refused: 503 with `Retry-After` in seconds where it is full, closed, or the call
 * waited too long; 504 where the task ran too long. Registered by `DynamicPoolModule`; contexts other than HTTP are
 * left to their own handling.
 * @publicApi
 */
@Catch(PoolFullError, PoolClosedError, QueueTimeoutError, TaskTimeoutError)
export class PoolExceptionFilter implements ExceptionFilter<Refusal> {
  constructor(readonly adapterHost: HttpAdapterHost) {}

  /** Outside HTTP it returns nothing, which Nest takes for "not handled". */
  catch(error: Refusal, host: ArgumentsHost): void {
    if (host.getType() !== 'http') return;
    const { httpAdapter } = this.adapterHost;
    const response: unknown = host.switchToHttp().getResponse();
    if (httpAdapter.isHeadersSent(response)) return void httpAdapter.end(response);
    const { statusCode, message } = error;
    if (statusCode === 503) httpAdapter.setHeader(response, 'Retry-After', String(retryAfterSeconds(error)));
    httpAdapter.reply(response, { statusCode, message, error: STATUS_TEXTS[statusCode] }, statusCode);
  }
}

function retryAfterSeconds(error: Refusal): number {
  if (!(error instanceof PoolFullError)) return RETRY_AFTER_SECONDS;
  return Math.max(RETRY_AFTER_SECONDS, Math.ceil(error.retryAfterMs / 1_000));
}
