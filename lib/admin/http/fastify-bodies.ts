import { SetMetadata } from '@nestjs/common';
import { Readable } from 'node:stream';
import type { Refusals } from './refusals.js';
import { rawRequest } from './http-parts.js';
import { heldBodies, readJson, requireJsonHeaders } from './read-body.js';

/** Where @nestjs/platform-fastify looks for the `config` of a route; what its `@RouteConfig()` sets. */
const ROUTE_CONFIG = '__fastify_route_config__';
const MARK = 'dynamicPoolAdmin';

/** A route of this module that takes a body. */
export const OwnBody = (): MethodDecorator => SetMetadata(ROUTE_CONFIG, { [MARK]: true });

/** What is used of Fastify. */
export interface FastifyLike {
  addHook(
    name: 'preParsing',
    hook: (request: FastifyRequestLike, reply: object, payload: Readable) => Promise<Readable | undefined>,
  ): unknown;
}

interface FastifyRequestLike {
  readonly routeOptions?: { readonly config?: unknown };
}

/**
 * Reads the bodies of these routes in place of Fastify, which would read up to a mebibyte and refuse in words of its own.
 * Its parser is handed an empty object instead.
 */
export function readBodiesFirst(fastify: FastifyLike, refusals: Refusals): void {
  fastify.addHook('preParsing', async (request, reply, payload) => {
    const config = request.routeOptions?.config;
    if (typeof config !== 'object' || config === null || !(MARK in config)) return payload;
    const raw = rawRequest(request);
    try {
      if (!requireJsonHeaders(raw)) {
        // Fastify would refuse to parse nothing; without a body there is no type of it either.
        delete raw.headers['content-type'];
        return payload;
      }
      heldBodies.set(raw, { value: await readJson(payload) });
    } catch (error) {
      await refusals.answer(request, reply, error);
      return undefined;
    }
    const length = raw.headers['content-length'];
    // Fastify compares what it is told was received with what was announced.
    return Object.assign(Readable.from([Buffer.from('{}')]), length ? { receivedEncodedLength: Number(length) } : {});
  });
}
