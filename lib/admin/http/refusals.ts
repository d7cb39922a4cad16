import {
  Catch,
  HttpException,
  Inject,
  Injectable,
  Logger,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import type { AdminRefusal } from '../../core/contract/operation.js';
import { PoolClosedError, PoolConfigError, PoolError, PoolNotFoundError } from '../../core/errors.js';
import type { PoolService } from '../../nest/pool.service.js';
import { callOf } from './admin-call.js';
import { Answers } from './answers.js';
import { ADMIN_LOG_CONTEXT, AuditLog } from './audit-log.js';
import { clientAddress } from './http-parts.js';
import { RateLimits } from './rate-limits.js';
import { Refused, refusalBody } from './refused.js';
import { ADMIN_POOLS } from './tokens.js';

/** Answers requests that came to nothing, whoever refused them, in one shape; and tells refused changes to the audit log. */
@Injectable()
export class Refusals {
  readonly #logger = new Logger(ADMIN_LOG_CONTEXT);

  constructor(
    @Inject(ADMIN_POOLS) readonly pools: PoolService,
    @Inject(Answers) readonly answers: Answers,
    @Inject(AuditLog) readonly audit: AuditLog,
    @Inject(RateLimits) readonly limits: RateLimits,
  ) {}

  async answer(request: object, response: unknown, error: unknown): Promise<void> {
    const refusal = this.#refusalOf(error);
    // Whatever becomes of the line, somebody waits for an answer.
    await this.#tell(request, refusal).catch((cause: unknown) => this.#logger.error('No audit line.', cause));
    this.answers.json(request, response, refusal, refusal.statusCode, error instanceof Refused ? error.headers : {});
  }

  /** Lines for those without a role are bounded: anybody can make them. */
  async #tell(request: object, { statusCode, message }: AdminRefusal): Promise<void> {
    const call = callOf(request);
    if (!call.action || call.isUntold) return;
    const remote = clientAddress(request);
    if (!call.role) {
      const excess = await this.limits.take('change', null, remote);
      if (excess && !excess.isFirst) return;
    }
    this.audit.tell(call, statusCode >= 500 ? 'failed' : 'refused', { remote, status: statusCode, message });
  }

  #refusalOf(error: unknown): AdminRefusal {
    if (error instanceof Refused) return error.refusal;
    if (error instanceof HttpException) return refusalBody(error.getStatus(), messageOf(error));
    if (error instanceof PoolNotFoundError) return refusalBody(404, error.message, { pools: this.pools.pools() });
    if (error instanceof PoolClosedError) return refusalBody(409, error.message);
    if (error instanceof PoolConfigError) return refusalBody(422, error.message);
    if (error instanceof PoolError) return refusalBody(STATUS_OF[error.code] ?? 409, error.message);
    this.#logger.error('A request to the admin routes failed.', error);
    return refusalBody(500, 'it failed; the log of the application has the cause.');
  }
}

/** Of dry runs that came to no end; what else pools refuse is a matter of their state. */
const STATUS_OF: Readonly<Record<string, number>> = {
  DRY_RUN_TIMEOUT: 504,
  DRY_RUN_FAILED: 500,
  DRY_RUN_STOPPED: 503,
};

/** Nest's exceptions hold a text, or an object with one or several. */
function messageOf(error: HttpException): string {
  const response: unknown = error.getResponse();
  const message: unknown =
    typeof response === 'object' && response !== null && 'message' in response ? response.message : response;
  if (Array.isArray(message)) return message.map(String).join('; ');
  return typeof message === 'string' ? message : error.message;
}

/** Of these routes alone; the application's own filters are not asked. */
@Catch()
export class RefusalFilter implements ExceptionFilter {
  constructor(@Inject(Refusals) readonly refusals: Refusals) {}

  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const http = host.switchToHttp();
    await this.refusals.answer(http.getRequest(), http.getResponse(), error);
  }
}
