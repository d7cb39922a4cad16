import type { ArgumentsHost } from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';
import { expect, test } from 'vitest';
import {
  PoolClosedError,
  PoolExceptionFilter,
  PoolFullError,
  QueueTimeoutError,
  TaskTimeoutError,
} from '../../../lib/index.js';

type Error = Parameters<PoolExceptionFilter['catch']>[0];

function answer(error: Error, { type = 'http', headersSent = false } = {}) {
  const sent = { headers: {} as Record<string, string>, status: 0, body: null as unknown, ended: false };
  const httpAdapter = {
    isHeadersSent: () => headersSent,
    end: () => void (sent.ended = true),
    setHeader: (_: unknown, name: string, value: string) => void (sent.headers[name] = value),
    reply: (_: unknown, body: unknown, status: number) => void Object.assign(sent, { body, status }),
  };
  const host = { getType: () => type, switchToHttp: () => ({ getResponse: () => ({}) }) } as unknown as ArgumentsHost;
  const filter = new PoolExceptionFilter({ httpAdapter } as unknown as HttpAdapterHost);
  Reflect.apply(filter.catch, filter, [error, host]);
  return sent;
}

test.each<[Error, number, string | undefined]>([
  [new PoolFullError('full', { retryAfterMs: 2_300 }), 503, '3'],
  [new PoolFullError('full', { retryAfterMs: 0 }), 503, '1'],
  [new PoolClosedError('closed', {}), 503, '1'],
  [new QueueTimeoutError('waited', {}), 503, '1'],
  [new TaskTimeoutError('ran', {}), 504, undefined],
])('%o is a %i with Retry-After %s', (error, status, retryAfter) => {
  const sent = answer(error);
  expect(sent.status).toBe(status);
  expect(sent.headers['Retry-After']).toBe(retryAfter);
  expect(sent.body).toEqual({
    statusCode: status,
    message: error.message,
    error: status === 503 ? 'Service Unavailable' : 'Gateway Timeout',
  });
});

test('a response that has begun is ended', () => {
  expect(answer(new TaskTimeoutError('ran', {}), { headersSent: true })).toMatchObject({ status: 0, ended: true });
});

test('contexts other than HTTP are left alone', () => {
  expect(answer(new TaskTimeoutError('ran', {}), { type: 'rpc' })).toMatchObject({ status: 0, ended: false });
});
