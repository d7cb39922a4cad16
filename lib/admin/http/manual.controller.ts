import { Inject, Injectable, Post, Req, Res } from '@nestjs/common';
import type { PoolService } from '../../nest/pool.service.js';
import { ChangeDesk } from './change-desk.js';
import { numberOrText, onceIn, requireKeys, requireSize } from './check-input.js';
import { OwnBody } from './fastify-bodies.js';
import { askedUrl, rawRequest, type HttpRequest } from './http-parts.js';
import { requirePool } from './pool-of.js';
import { readJsonBody } from './read-body.js';
import { refused } from './refused.js';
import { ADMIN_POOLS } from './tokens.js';

/** `POST /pool/manual?size=N[&pool=NAME]`: an override in one line, at this path whatever `path` says. */
@Injectable()
export class ManualController {
  constructor(
    @Inject(ADMIN_POOLS) readonly pools: PoolService,
    @Inject(ChangeDesk) readonly desk: ChangeDesk,
  ) {}

  @Post()
  @OwnBody()
  async resize(@Req() request: HttpRequest, @Res() response: unknown): Promise<void> {
    const { query } = askedUrl(rawRequest(request));
    requireKeys('the query', query.keys(), ['size', 'pool']);
    const pool = requirePool(this.pools, request, onceIn(query, 'pool') ?? this.#onlyPool());
    if ((await readJsonBody(request)) !== undefined) throw refused(422, 'this takes a query and no body.');
    await this.desk.handle(request, response, pool, async ({ call, follow }) => {
      const snapshot = this.pools.snapshot(pool);
      call.from = snapshot.target;
      const [size, ...more] = query.getAll('size').map(numberOrText);
      call.to = requireSize(snapshot, more.length > 0 ? [size, ...more] : size);
      await follow(this.pools.resize(pool, call.to as number, { owner: call.owner ?? undefined }));
    });
  }

  #onlyPool(): string {
    const names = this.pools.pools();
    const [only] = names;
    if (only !== undefined && names.length === 1) return only;
    if (only === undefined) throw refused(404, 'there is no pool.', { pools: [] });
    throw refused(409, 'there are several pools. Say which one, as in ?size=4&pool=NAME.', { pools: names });
  }
}
