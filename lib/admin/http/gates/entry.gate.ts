import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { ResolvedAdminOptions } from '../../admin-options.js';
import { rawRequest } from '../http-parts.js';
import { ADMIN_OPTIONS } from '../tokens.js';
import { requireLoopback } from './loopback.js';
import { requireSameOrigin } from './same-origin.js';

/** Stands before the application's guards: where does the request come from? */
@Injectable()
export class EntryGate implements CanActivate {
  constructor(@Inject(ADMIN_OPTIONS) readonly options: Pick<ResolvedAdminOptions, 'isUnguarded' | 'origins'>) {}

  canActivate(context: ExecutionContext): boolean {
    const raw = rawRequest(context.switchToHttp().getRequest());
    if (this.options.isUnguarded) requireLoopback(raw);
    requireSameOrigin(raw, this.options.origins);
    return true;
  }
}

/** Before the page, which may be linked to from anywhere: it is a shell without data. */
@Injectable()
export class PageGate implements CanActivate {
  constructor(@Inject(ADMIN_OPTIONS) readonly options: Pick<ResolvedAdminOptions, 'isUnguarded'>) {}

  canActivate(context: ExecutionContext): boolean {
    if (this.options.isUnguarded) requireLoopback(rawRequest(context.switchToHttp().getRequest()));
    return true;
  }
}
