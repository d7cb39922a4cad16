import { Get, Inject, Injectable, Post, Req, Res } from '@nestjs/common';
import type { DryRunRequest, PoolHealthView } from '../../core/contract/operation.js';
import type { PoolService } from '../../nest/pool.service.js';
import { DryRunner } from '../dry-run/dry-runner.js';
import { HistoryRecorder } from '../history/history-recorder.js';
import { viewOf } from '../pool-view.js';
import { quarantineOf } from '../quarantine-view.js';
import { Answers } from './answers.js';
import { requireBody, requireKeys, wholeNumberIn } from './check-input.js';
import { requirePolicy } from './check-policy.js';
import { OwnBody } from './fastify-bodies.js';
import { ForViewers } from './gates/needs.js';
import { askedUrl, rawRequest, type HttpRequest } from './http-parts.js';
import { poolOf } from './pool-of.js';
import { readJsonBody } from './read-body.js';
import { ADMIN_POOLS } from './tokens.js';

const DEFAULT_DECISIONS = 100;
const MOST_DECISIONS = 1_000;
const DEFAULT_SECONDS = 600;
const MOST_SECONDS = 900;
const DEFAULT_ENTRIES = 100;
const MOST_ENTRIES = 1_000;

/** What viewers may ask. Changes nothing. */
@Injectable()
export class ReadsController {
  constructor(
    @Inject(ADMIN_POOLS) readonly pools: PoolService,
    @Inject(Answers) readonly answers: Answers,
    @Inject(HistoryRecorder) readonly recorder: HistoryRecorder,
    @Inject(DryRunner) readonly dryRunner: DryRunner,
  ) {}

  @Get()
  @ForViewers()
  list(@Req() request: HttpRequest, @Res() response: unknown): void {
    queryOf(request, []);
    const views = this.pools.pools().map((name) => viewOf(this.pools, name));
    this.answers.json(request, response, views);
  }

  @Get(':name')
  @ForViewers()
  one(@Req() request: HttpRequest, @Res() response: unknown): void {
    const name = poolOf(this.pools, request);
    queryOf(request, []);
    this.answers.json(request, response, viewOf(this.pools, name));
  }

  @Get(':name/decisions')
  @ForViewers()
  decisions(@Req() request: HttpRequest, @Res() response: unknown): void {
    const name = poolOf(this.pools, request);
    const query = queryOf(request, ['limit']);
    const limit = wholeNumberIn(query, 'limit', { from: 1, to: MOST_DECISIONS }) ?? DEFAULT_DECISIONS;
    this.answers.json(request, response, this.pools.decisions(name, { limit }));
  }

  @Get(':name/health')
  @ForViewers()
  health(@Req() request: HttpRequest, @Res() response: unknown): void {
    const name = poolOf(this.pools, request);
    queryOf(request, []);
    const health: PoolHealthView = {
      ...this.pools.health(name),
      at: Date.now(),
      autoscaler: this.pools.autoscaler(name),
    };
    this.answers.json(request, response, health, health.status === 'down' ? 503 : 200);
  }

  @Get(':name/policy')
  @ForViewers()
  policy(@Req() request: HttpRequest, @Res() response: unknown): void {
    const name = poolOf(this.pools, request);
    queryOf(request, []);
    const { policy, objectiveMs } = viewOf(this.pools, name);
    this.answers.json(request, response, { policy, objectiveMs });
  }

  @Get(':name/history')
  @ForViewers()
  history(@Req() request: HttpRequest, @Res() response: unknown): void {
    const name = poolOf(this.pools, request);
    const query = queryOf(request, ['seconds']);
    const seconds = wholeNumberIn(query, 'seconds', { from: 1, to: MOST_SECONDS }) ?? DEFAULT_SECONDS;
    this.answers.json(request, response, this.recorder.history(name, seconds));
  }

  @Get(':name/failures')
  @ForViewers()
  failures(@Req() request: HttpRequest, @Res() response: unknown): void {
    const name = poolOf(this.pools, request);
    queryOf(request, []);
    this.answers.json(request, response, this.recorder.failures(name));
  }

  @Get(':name/quarantine')
  @ForViewers()
  quarantine(@Req() request: HttpRequest, @Res() response: unknown): void {
    const name = poolOf(this.pools, request);
    const query = queryOf(request, ['limit']);
    const limit = wholeNumberIn(query, 'limit', { from: 1, to: MOST_ENTRIES }) ?? DEFAULT_ENTRIES;
    this.answers.json(request, response, quarantineOf(this.pools, name, limit));
  }

  @Post(':name/dry-run')
  @ForViewers()
  @OwnBody()
  async dryRun(@Req() request: HttpRequest, @Res() response: unknown): Promise<void> {
    const name = poolOf(this.pools, request);
    queryOf(request, []);
    const body = requireBody(await readJsonBody(request), ['policy', 'minutes'] satisfies (keyof DryRunRequest)[]);
    requirePolicy(body['policy']);
    this.answers.json(request, response, await this.dryRunner.run(name, body));
  }
}

function queryOf(request: HttpRequest, keys: readonly string[]): URLSearchParams {
  const { query } = askedUrl(rawRequest(request));
  requireKeys('the query', query.keys(), keys);
  return query;
}
