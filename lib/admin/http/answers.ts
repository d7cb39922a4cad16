import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ROLE_HEADER } from '../../core/contract/operation.js';
import { callOf } from './admin-call.js';

/** Of every answer of these routes. */
const HEADERS: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
};

/**
 * Writes the answers itself, past Nest's: what interceptors of the application make of results (an envelope, a cache) is
 * nothing that the page and the command line could read.
 */
@Injectable()
export class Answers {
  constructor(@Inject(HttpAdapterHost) readonly host: HttpAdapterHost) {}

  json(
    request: unknown,
    response: unknown,
    body: unknown,
    status = 200,
    headers: Readonly<Record<string, string>> = {},
  ): void {
    const all = { ...this.headers(request), 'Content-Type': 'application/json; charset=utf-8', ...headers };
    this.text(response, JSON.stringify(body), status, all);
  }

  text(response: unknown, body: string, status: number, headers: Readonly<Record<string, string>>): void {
    const { httpAdapter } = this.host;
    if (httpAdapter.isHeadersSent(response)) return;
    for (const [name, value] of Object.entries(headers)) httpAdapter.setHeader(response, name, value);
    httpAdapter.reply(response, body, status);
  }

  /** What every answer carries, the role of whoever asks included. */
  headers(request: unknown): Readonly<Record<string, string>> {
    const { role } = callOf(request);
    return role ? { ...HEADERS, [ROLE_HEADER]: role } : HEADERS;
  }
}
