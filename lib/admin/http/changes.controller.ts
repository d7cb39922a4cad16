import { Delete, Inject, Injectable, Patch, Post, Put, Req, Res } from '@nestjs/common';
import type {
  OverrideRequest,
  QuarantineReleaseRequest,
  QuarantineReleaseResult,
} from '../../core/contract/operation.js';
import type { PoolService } from '../../nest/pool.service.js';
import { viewOf } from '../pool-view.js';
import { entriesOf } from '../quarantine-view.js';
import { ChangeDesk, type Change } from './change-desk.js';
import { requireBody, requireEntryId, requireForMs, requireSize, type JsonObject } from './check-input.js';
import { requirePolicyRequest } from './check-policy.js';
import { OwnBody } from './fastify-bodies.js';
import type { HttpRequest } from './http-parts.js';
import { poolOf } from './pool-of.js';
import { readJsonBody } from './read-body.js';
import { refused } from './refused.js';
import { ADMIN_POOLS } from './tokens.js';

/** Most tasks that an answer tells, and that an audit line names. */
const MOST_ENTRIES = 1_000;
const MOST_IN_LINE = 20;

/** What operators may change. Every answer is the PoolView after the change, but that of a release from quarantine. */
@Injectable()
export class ChangesController {
  constructor(
    @Inject(ADMIN_POOLS) readonly pools: PoolService,
    @Inject(ChangeDesk) readonly desk: ChangeDesk,
  ) {}

  @Put(':name/override')
  @OwnBody()
  override(@Req() request: HttpRequest, @Res() response: unknown): Promise<void> {
    return this.#change(request, response, OVERRIDE_KEYS, async ({ call, pool, name, follow }, body) => {
      const snapshot = this.pools.snapshot(pool);
      call.from = snapshot.target;
      const size = requireSize(snapshot, body['size']);
      const forMs = requireForMs(body['forMs']);
      const by = name(body['owner'], body['reason']);
      call.to = size;
      await follow(this.pools.resize(pool, size, { ...by, forMs }));
    });
  }

  @Delete(':name/override')
  @OwnBody()
  release(@Req() request: HttpRequest, @Res() response: unknown): Promise<void> {
    return this.#change(request, response, WHO, async ({ call, pool, name, follow }, body) => {
      name(body['owner'], body['reason']);
      call.from = this.pools.snapshot(pool).target;
      const released = this.pools.auto(pool);
      call.to = this.pools.snapshot(pool).target;
      await follow(released);
    });
  }

  @Patch(':name/policy')
  @OwnBody()
  async policy(@Req() request: HttpRequest, @Res() response: unknown): Promise<void> {
    const pool = poolOf(this.pools, request);
    const body = await readJsonBody(request);
    await this.desk.handle(request, response, pool, ({ call, name }) => {
      const { policy, owner, reason } = requirePolicyRequest(body);
      name(owner, reason);
      call.from = viewOf(this.pools, pool).policy;
      if (call.from === null) throw refused(409, `pool '${pool}' has no autoscaler to take a policy (scaling: false).`);
      this.pools.setPolicy(pool, policy);
      call.to = viewOf(this.pools, pool).policy;
    });
  }

  @Post(':name/pause')
  @OwnBody()
  pause(@Req() request: HttpRequest, @Res() response: unknown): Promise<void> {
    return this.#move(request, response, ({ pool }) => this.pools.pause(pool));
  }

  @Post(':name/resume')
  @OwnBody()
  resume(@Req() request: HttpRequest, @Res() response: unknown): Promise<void> {
    return this.#move(request, response, ({ pool }) => this.pools.resume(pool));
  }

  /** Does not wait for the end of it, which a resume or the end of the pool may cut short. */
  @Post(':name/drain')
  @OwnBody()
  drain(@Req() request: HttpRequest, @Res() response: unknown): Promise<void> {
    return this.#move(request, response, ({ pool }) => {
      void this.pools.drain(pool).catch(() => undefined);
      return 'accepted';
    });
  }

  @Post(':name/quarantine/release')
  @OwnBody()
  releaseQuarantined(@Req() request: HttpRequest, @Res() response: unknown): Promise<void> {
    return this.#change(request, response, RELEASE_KEYS, async ({ call, pool, name, tell }, body) => {
      const before = this.pools.quarantined(pool);
      call.from = before.length;
      const id = requireEntryId(pool, before, body['id']);
      name(body['owner'], body['reason']);
      const released = this.pools.release(pool, id);
      const entries = entriesOf(released, MOST_ENTRIES);
      const left = this.pools.quarantined(pool).length;
      call.released = entries.slice(0, MOST_IN_LINE).map(({ id, task }) => ({ id, task }));
      call.to = left;
      const answer = { pool, at: Date.now(), count: released.length, released: entries, left };
      tell(answer satisfies QuarantineReleaseResult);
    });
  }

  /** Changes the state of a pool. */
  #move(request: HttpRequest, response: unknown, carryOut: (change: Change) => 'accepted' | void): Promise<void> {
    return this.#change(request, response, WHO, async (change, body) => {
      const { call, pool, name } = change;
      name(body['owner'], body['reason']);
      call.from = this.pools.snapshot(pool).state;
      const told = carryOut(change);
      call.to = this.pools.snapshot(pool).state;
      return told;
    });
  }

  /** A change whose body has these fields. */
  async #change(
    request: HttpRequest,
    response: unknown,
    keys: readonly string[],
    carryOut: (change: Change, body: JsonObject) => Promise<'accepted' | void>,
  ): Promise<void> {
    const pool = poolOf(this.pools, request);
    const body = await readJsonBody(request);
    await this.desk.handle(request, response, pool, (change) => {
      // Those that need none may do without.
      const given = body === undefined && keys !== OVERRIDE_KEYS ? {} : requireBody(body, keys);
      return carryOut(change, given);
    });
  }
}

const OVERRIDE_KEYS = ['size', 'forMs', 'reason', 'owner'] satisfies (keyof OverrideRequest)[];
const RELEASE_KEYS = ['id', 'reason', 'owner'] satisfies (keyof QuarantineReleaseRequest)[];
const WHO: readonly string[] = ['reason', 'owner'];
