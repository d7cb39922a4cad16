import {
  Catch,
  HttpException,
  Injectable,
  UnauthorizedException,
  VersioningType,
  type ArgumentsHost,
  type CallHandler,
  type CanActivate,
  type ExceptionFilter,
  type ExecutionContext,
  type INestApplication,
  type NestInterceptor,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { map, of, type Observable } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { ADAPTERS, roleOf, slots, startAdmin, TokenGuard } from './support.js';

const operator = { token: 'operator' } as const;

/** As applications have it: every result in an envelope. */
class Envelope implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map((data: unknown) => ({ data })));
  }
}

@Catch()
class TeapotFilter implements ExceptionFilter {
  catch(_error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<{ status(code: number): { send(body: unknown): void } }>();
    response.status(418).send({ teapot: true });
  }
}

/** Whatever goes through a pipe is refused. */
class RefusingPipe {
  transform(): never {
    throw new HttpException('a pipe of the application', 400);
  }
}

describe.each(ADAPTERS)('on %s', (adapter) => {
  const paths: [string, (app: INestApplication) => void, Record<string, string>, string][] = [
    ['a global prefix', (app) => void app.setGlobalPrefix('api'), {}, '/api'],
    [
      'versions in the path',
      (app) => void app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' }),
      {},
      '',
    ],
    [
      'a prefix and versions in the path',
      (app) => void app.setGlobalPrefix('api').enableVersioning({ type: VersioningType.URI }),
      {},
      '/api',
    ],
    [
      'versions in a header',
      (app) => void app.enableVersioning({ type: VersioningType.HEADER, header: 'x-version' }),
      {},
      '',
    ],
    [
      'versions in a header, sent',
      (app) => void app.enableVersioning({ type: VersioningType.HEADER, header: 'x-version' }),
      { 'x-version': '3' },
      '',
    ],
    [
      'versions in the media type',
      (app) => void app.enableVersioning({ type: VersioningType.MEDIA_TYPE, key: 'v=' }),
      { accept: 'application/json;v=2' },
      '',
    ],
  ];

  test.each(paths)('works with %s', async (_, before, headers, prefix) => {
    const { ask } = await startAdmin(adapter, { before, pools: { images: slots({ scaling: 'latency' }) } });
    const lines: [string, unknown?][] = [
      [`GET ${prefix}/pools`],
      [`GET ${prefix}/pools/images/health`],
      [`PUT ${prefix}/pools/images/override`, { size: 2 }],
      [`PATCH ${prefix}/pools/images/policy`, { preset: 'course' }],
      [`POST ${prefix}/pool/manual?size=3`],
    ];
    for (const [line, body] of lines) {
      expect([line, (await ask(line, { ...operator, body, headers })).status]).toEqual([line, 200]);
    }
    const broken = await ask(`PUT ${prefix}/pools/images/override`, { ...operator, body: '{', headers });
    expect([broken.status, broken.json.error]).toEqual([400, 'Bad Request']);
  });

  test.each(['ops/pools', '/admin/', 'p'])(
    'stands at the path %s, POST /pool/manual where it always is',
    async (path) => {
      const { ask } = await startAdmin(adapter, { admin: { path, guards: [TokenGuard], role: roleOf } });
      const at = path.replaceAll(/^\/|\/$/g, '');
      expect((await ask(`GET /${at}/images`, operator)).json.name).toBe('images');
      expect((await ask(`PUT /${at}/images/override`, { ...operator, body: { size: 2 } })).status).toBe(200);
      expect((await ask(`PUT /${at}/images/override`, { ...operator, body: 'x'.repeat(300_000) })).json.error).toBe(
        'Payload Too Large',
      );
      expect((await ask('POST /pool/manual?size=3', operator)).status).toBe(200);
      expect((await ask('GET /pools', operator)).status).toBe(404);
    },
  );

  test("an application's pipes, interceptors and filters change nothing of the answers", async () => {
    const { ask } = await startAdmin(adapter, {
      before: (app) => {
        app.useGlobalPipes(new RefusingPipe());
        app.useGlobalInterceptors(new Envelope());
        app.useGlobalFilters(new TeapotFilter());
      },
    });
    expect((await ask('GET /pools', operator)).json).toMatchObject([{ name: 'images' }]);
    expect((await ask('PUT /pools/images/override', { ...operator, body: { size: 2 } })).json).toMatchObject({
      target: 2,
    });
    const refusals: [string, unknown, number][] = [
      ['GET /pools/nosuch', undefined, 404],
      ['PUT /pools/images/override', { size: 99 }, 422],
      ['PUT /pools/images/override', '{', 400],
      ['PUT /pools/images/override', 'x'.repeat(300_000), 413],
    ];
    for (const [line, body, status] of refusals) {
      const { json } = await ask(line, { ...operator, body });
      expect(json).toMatchObject({ statusCode: status, error: expect.any(String), message: expect.any(String) });
    }
    expect((await ask('GET /elsewhere', operator)).status).toBe(418);
  });

  test("an application's global guards are asked first, and their refusals have the same shape and a line", async () => {
    @Injectable()
    class Doorman implements CanActivate {
      canActivate(context: ExecutionContext): boolean {
        const { headers } = context.switchToHttp().getRequest<{ headers: Record<string, string> }>();
        if (headers['x-badge'] !== 'yes') throw new UnauthorizedException(['no badge']);
        return true;
      }
    }
    const { ask, audit, pools } = await startAdmin(adapter, {
      more: { providers: [{ provide: APP_GUARD, useClass: Doorman }] },
    });
    const { status, json } = await ask('POST /pool/manual?size=4', operator);
    expect([status, json]).toEqual([401, { statusCode: 401, error: 'Unauthorized', message: 'no badge' }]);
    expect(pools.snapshot('images').override).toBeNull();
    expect(audit()).toMatchObject([{ action: 'manual', outcome: 'refused', status: 401, role: null }]);
    expect((await ask('POST /pool/manual?size=4', { ...operator, headers: { 'x-badge': 'yes' } })).status).toBe(200);
  });

  test('guards may inject what a module of imports exports', async () => {
    class Tokens {
      readonly known = 'Bearer operator-token';
    }
    @Injectable()
    class InjectedGuard implements CanActivate {
      constructor(readonly tokens: Tokens) {}

      canActivate(context: ExecutionContext): boolean {
        const { headers } = context.switchToHttp().getRequest<{ headers: Record<string, string> }>();
        return headers['authorization'] === this.tokens.known;
      }
    }
    const TokensModule = { module: class TokensModule {}, providers: [Tokens], exports: [Tokens] };
    const { ask } = await startAdmin(adapter, {
      admin: { guards: [InjectedGuard], role: () => 'viewer', imports: [TokensModule] },
    });
    expect((await ask('GET /pools', operator)).status).toBe(200);
    expect((await ask('GET /pools', { token: 'viewer' })).status).toBe(403);
  });

  test('several guards are asked in turn, whether they answer with a promise or not', async () => {
    const order: string[] = [];
    const guard = (name: string, answer: boolean | Promise<boolean> | Observable<boolean>) =>
      class implements CanActivate {
        canActivate() {
          order.push(name);
          return answer;
        }
      };
    const guards = [guard('a', Promise.resolve(true)), guard('b', of(true)), guard('c', false), guard('d', true)];
    const { ask } = await startAdmin(adapter, { admin: { guards, role: () => 'operator' } });
    expect((await ask('GET /pools')).json).toEqual({
      statusCode: 403,
      error: 'Forbidden',
      message: 'Forbidden resource',
    });
    expect(order).toEqual(['a', 'b', 'c']);
  });
});
