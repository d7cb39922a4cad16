import { request as send, type IncomingHttpHeaders } from 'node:http';
import { timingSafeEqual } from 'node:crypto';
import {
  Injectable,
  UnauthorizedException,
  type CanActivate,
  type ExecutionContext,
  type INestApplication,
  type ModuleMetadata,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { ScheduleModule } from '@nestjs/schedule';
import { onTestFinished } from 'vitest';
import { PoolAdminModule, type PoolAdminOptions } from '../../../lib/entries/admin.js';
import { DynamicPoolModule, PoolService, type DynamicPoolModuleOptions } from '../../../lib/index.js';
import { Remembering } from '../nest/support.js';

export const ADAPTERS = ['express', 'fastify'] as const;
export type Adapter = (typeof ADAPTERS)[number];

const ROLES: Readonly<Record<string, string>> = {
  'operator-token': 'operator',
  'viewer-token': 'viewer',
  'nobody-token': 'none',
};

/** Knows three bearer tokens. */
@Injectable()
export class TokenGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<{ headers: Record<string, string>; adminRole?: string }>();
    const given = Buffer.from(request.headers['authorization'] ?? '');
    for (const [token, role] of Object.entries(ROLES)) {
      const expected = Buffer.from(`Bearer ${token}`);
      if (given.length === expected.length && timingSafeEqual(given, expected)) {
        request.adminRole = role;
        return true;
      }
    }
    throw new UnauthorizedException('Send a token.');
  }
}

export const roleOf = (context: ExecutionContext) => {
  const { adminRole } = context.switchToHttp().getRequest<{ adminRole?: string }>();
  return adminRole === 'operator' || adminRole === 'viewer' ? adminRole : null;
};

export interface Asked {
  readonly token?: 'operator' | 'viewer' | 'nobody' | (string & {}) | null;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly json: any;
}

/** Asks exactly what is said: no path is tidied up. `body` is sent as JSON unless it is a string. */
export type Ask = (line: string, asked?: Asked) => Promise<Answered>;

export interface Admin {
  readonly app: INestApplication;
  readonly pools: PoolService;
  readonly ask: Ask;
  readonly log: Remembering;
  readonly port: number;
  /** The audit lines so far, parsed. */
  audit(): Record<string, unknown>[];
}

export type Pools = DynamicPoolModuleOptions['pools'];

/** A pool without threads, of 1 to 8 slots. */
export const slots = (rest: Pools[string] = {}): Pools[string] => ({
  kind: 'async',
  size: { min: 1, max: 8 },
  scaling: false,
  tasks: { nap: (ms: number) => new Promise((resolve) => setTimeout(resolve, ms)) },
  ...rest,
});

/** An application that listens on loopback, closed when the test is over. By default: one pool, `images`. */
export async function startAdmin(
  adapter: Adapter,
  setup: {
    readonly pools?: Pools;
    readonly admin?: PoolAdminOptions;
    readonly more?: ModuleMetadata;
    readonly module?: Partial<DynamicPoolModuleOptions>;
    before?(app: INestApplication): void;
    readonly create?: object;
    /** Default: any that is free. */
    readonly port?: number;
  } = {},
): Promise<Admin> {
  const log = new Remembering();
  const { pools = { images: slots() }, more = {}, admin = { guards: [TokenGuard], role: roleOf } } = setup;
  const metadata: ModuleMetadata = {
    ...more,
    imports: [
      ScheduleModule.forRoot(),
      DynamicPoolModule.forRoot({ ...setup.module, pools }),
      PoolAdminModule.forRoot(admin),
      ...(more.imports ?? []),
    ],
  };
  const options = { logger: log, abortOnError: false, ...setup.create };
  const app =
    adapter === 'express'
      ? await NestFactory.create(metadata, options)
      : await NestFactory.create(metadata, new FastifyAdapter(), options);
  onTestFinished(() => app.close());
  setup.before?.(app);
  await app.listen(setup.port ?? 0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as { port: number };
  return {
    app,
    pools: app.get(PoolService, { strict: false }),
    ask: asking(port),
    log,
    port,
    audit: () => auditLines(log),
  };
}

/** A client of a port; without a token unless told, as an operator with `token: 'operator'`. */
export function asking(port: number): Ask {
  return (line, { token = null, body, headers = {} } = {}) => {
    const [method, path] = line.split(/ (.*)/s) as [string, string];
    const payload = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
    const all: Record<string, string> = {};
    if (token !== null) all['authorization'] = `Bearer ${token}-token`;
    if (payload !== undefined) all['content-type'] = 'application/json';
    if (payload !== undefined && headers['transfer-encoding'] === undefined) {
      all['content-length'] = String(Buffer.byteLength(payload));
    }
    return new Promise((resolve, reject) => {
      const request = send({ host: '127.0.0.1', port, method, path, headers: { ...all, ...headers }, agent: false });
      request.on('error', reject);
      request.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const isJson = response.headers['content-type']?.startsWith('application/json') ?? false;
          const json: unknown = isJson && text !== '' ? JSON.parse(text) : null;
          resolve({ status: response.statusCode!, headers: response.headers, text, json });
        });
      });
      request.end(payload);
    });
  };
}

function auditLines(log: Remembering): Record<string, unknown>[] {
  return log.lines
    .filter(({ context, message }) => context === 'PoolAdmin' && String(message).startsWith('{'))
    .map(({ message }) => JSON.parse(String(message)) as Record<string, unknown>);
}
