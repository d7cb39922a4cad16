import { Inject, Injectable } from '@nestjs/common';
import { PoolConfigError } from '../../core/errors.js';
import type { PoolService } from '../../nest/pool.service.js';
import { viewOf } from '../pool-view.js';
import { callOf, type AdminCall } from './admin-call.js';
import { Answers } from './answers.js';
import { AuditLog } from './audit-log.js';
import { requireText } from './check-text.js';
import { clientAddress, type HttpRequest } from './http-parts.js';
import { refused } from './refused.js';
import { ADMIN_POOLS } from './tokens.js';
import { within } from './within.js';

/** How long an answer waits for the size to follow, milliseconds: workers that are busy take as long as their tasks. */
const FOLLOW_MS = 2_000;

/** One change as it is carried out. */
export interface Change {
  readonly call: AdminCall;
  readonly pool: string;
  /** Of the body; the option `owner` wins. @throws Refused 422 */
  name(owner: unknown, reason: unknown): { readonly owner: string | undefined; readonly reason: string | undefined };
  /**
   * Waits a while for the size to follow.
   * @throws Refused 409 where the budget that the pools share has no room.
   */
  follow(resize: Promise<void>): Promise<void>;
  /** What is answered in place of the pool's view. */
  tell(answer: object): void;
}

/** Carries out changes: asks for the pool's state before, answers with the view after, and writes the audit line. */
@Injectable()
export class ChangeDesk {
  constructor(
    @Inject(ADMIN_POOLS) readonly pools: PoolService,
    @Inject(Answers) readonly answers: Answers,
    @Inject(AuditLog) readonly audit: AuditLog,
  ) {}

  /**
   * What `carryOut` throws changes nothing and is told as a refusal. Answers with 202 where it tells that it has been
   * accepted only.
   * @throws Refused 409 of a pool that is closed.
   */
  async handle(
    request: HttpRequest,
    response: unknown,
    pool: string,
    carryOut: (change: Change) => Promise<'done' | 'accepted' | void> | 'done' | 'accepted' | void,
  ): Promise<void> {
    const call = callOf(request);
    const remote = clientAddress(request);
    if (this.pools.snapshot(pool).state === 'closed') throw refused(409, `pool '${pool}' is closed for good.`);
    let outcome: 'done' | 'accepted' = 'done';
    const fail = (error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      this.audit.tell({ ...call }, 'failed', { remote, message });
    };
    const follow = async (resize: Promise<void>) => {
      if (!(await within(FOLLOW_MS, resize, fail).catch(asBudget))) outcome = 'accepted';
    };
    const name = (owner: unknown, reason: unknown) => {
      const given = { owner: requireText('owner', owner), reason: requireText('reason', reason) };
      call.owner ??= given.owner ?? null;
      call.reason = given.reason ?? null;
      return { owner: call.owner ?? undefined, reason: given.reason };
    };
    let answer: object | null = null;
    const tell = (body: object) => void (answer = body);
    const told = await carryOut({ call, pool, name, follow, tell });
    this.audit.tell(call, told ?? outcome, { remote });
    this.answers.json(request, response, answer ?? viewOf(this.pools, pool), told === 'accepted' ? 202 : 200);
  }
}

/** Size and pool were checked before: what is left is that others hold the workers. */
function asBudget(error: unknown): never {
  throw error instanceof PoolConfigError ? refused(409, error.message) : error;
}
