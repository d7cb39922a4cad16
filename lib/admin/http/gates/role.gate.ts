import { HttpException, Inject, Injectable, Logger, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { AdminRole } from '../../../core/contract/operation.js';
import type { ResolvedAdminOptions } from '../../admin-options.js';
import { callOf } from '../admin-call.js';
import { ADMIN_LOG_CONTEXT } from '../audit-log.js';
import { cleanText } from '../check-text.js';
import { clientAddress, rawRequest } from '../http-parts.js';
import { RateLimits } from '../rate-limits.js';
import { refusalBody, refused, Refused } from '../refused.js';
import { ADMIN_OPTIONS } from '../tokens.js';
import { NEEDS } from './needs.js';

/** Stands after the application's guards: what may whoever asks do, and how often? */
@Injectable()
export class RoleGate implements CanActivate {
  readonly #logger = new Logger(ADMIN_LOG_CONTEXT);

  constructor(
    @Inject(ADMIN_OPTIONS) readonly options: Pick<ResolvedAdminOptions, 'role' | 'owner'>,
    @Inject(RateLimits) readonly limits: RateLimits,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request: unknown = context.switchToHttp().getRequest();
    const call = callOf(request);
    const role = await this.#roleOf(context);
    if (role === null) throw refused(403, 'you have no role here.');
    call.role = role;
    const needs = (Reflect.getMetadata(NEEDS, context.getHandler()) ?? 'operator') as AdminRole;
    const { method } = rawRequest(request);
    const kind = method === 'GET' || method === 'HEAD' ? 'read' : 'change';
    const excess = await this.limits.take(kind, role, clientAddress(request as object));
    if (excess) {
      call.isUntold = !excess.isFirst;
      const message = `too many requests. Come again in ${excess.retryAfterSeconds} s.`;
      throw new Refused(refusalBody(429, message), { 'Retry-After': String(excess.retryAfterSeconds) });
    }
    if (needs === 'operator' && role !== 'operator')
      throw refused(403, 'only operators may do this; you are a viewer.');
    const owner = this.options.owner?.(context);
    if (owner !== undefined) call.owner = cleanText(owner);
    return true;
  }

  /** Closed, whatever the application's function does. Refusals of its own, such as a 401, are told as they are. */
  async #roleOf(context: ExecutionContext): Promise<AdminRole | null> {
    try {
      const role: unknown = await this.options.role(context);
      return role === 'viewer' || role === 'operator' ? role : null;
    } catch (error) {
      if (error instanceof HttpException) throw error;
      this.#logger.error('role(context) of PoolAdminModule threw, which refuses the request.', error);
      return null;
    }
  }
}
