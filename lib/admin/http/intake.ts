import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { ResolvedAdminOptions } from '../admin-options.js';
import { ADMIN_LOG_CONTEXT } from './audit-log.js';
import { tellParserErrors, type ExpressLike } from './express-errors.js';
import { readBodiesFirst, type FastifyLike } from './fastify-bodies.js';
import { Refusals } from './refusals.js';
import { ADMIN_OPTIONS } from './tokens.js';

/** What has to be arranged with the HTTP server itself, and said at start. */
@Injectable()
export class Intake implements OnModuleInit, OnApplicationBootstrap {
  constructor(
    @Inject(ADMIN_OPTIONS) readonly options: Pick<ResolvedAdminOptions, 'path' | 'isUnguarded'>,
    @Inject(HttpAdapterHost) readonly host: HttpAdapterHost,
    @Inject(Refusals) readonly refusals: Refusals,
  ) {}

  /** After the routes are there, and before Nest's own handling of errors is. */
  onModuleInit(): void {
    const adapter = this.host.httpAdapter;
    if (adapter?.getType() === 'fastify') readBodiesFirst(adapter.getInstance<FastifyLike>(), this.refusals);
    if (adapter?.getType() === 'express') {
      tellParserErrors(adapter.getInstance<ExpressLike>(), this.options.path, this.refusals);
    }
  }

  onApplicationBootstrap(): void {
    if (!this.options.isUnguarded) return;
    const { path } = this.options;
    new Logger(ADMIN_LOG_CONTEXT).warn(
      `NOBODY IS ASKED WHO THEY ARE: /${path} and /pool/manual have no guard (allowUnguarded: true). Whoever can run a program on this machine can resize, pause and drain the pools. Requests from other machines are refused. Give PoolAdminModule.forRoot() guards and a role before this goes anywhere.`,
    );
  }
}
