import { HttpException } from '@nestjs/common';
import { STATUS_CODES } from 'node:http';
import type { AdminRefusal } from '../../core/contract/operation.js';

type Extras = Pick<AdminRefusal, 'allowed' | 'pools'>;

/** A request that is answered with a refusal. An HttpException, so that the application's own filters know it too. */
export class Refused extends HttpException {
  constructor(
    readonly refusal: AdminRefusal,
    /** Further headers of the answer. */
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(refusal, refusal.statusCode);
  }
}

export function refused(status: number, message: string, extras: Extras = {}): Refused {
  return new Refused(refusalBody(status, message, extras));
}

export function refusalBody(status: number, message: string, extras: Extras = {}): AdminRefusal {
  return { statusCode: status, error: STATUS_CODES[status] ?? 'Error', message, ...extras };
}
