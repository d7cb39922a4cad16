import { createHash, timingSafeEqual } from 'node:crypto';
import { Injectable, UnauthorizedException, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { AdminRole } from 'nestjs-dynamic-pool/admin';

interface PoolRequest {
  readonly headers: { readonly authorization?: string };
  poolRole?: AdminRole;
}

const digest = (text: string) => createHash('sha256').update(text).digest();

@Injectable()
export class PoolTokenGuard implements CanActivate {
  readonly #tokens = [
    { role: 'operator', token: process.env['POOL_OPERATOR_TOKEN'] },
    { role: 'viewer', token: process.env['POOL_VIEWER_TOKEN'] },
  ] as const;

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<PoolRequest>();
    const given = digest(request.headers.authorization ?? '');
    for (const { role, token } of this.#tokens) {
      if (!token || token.length < 32 || !timingSafeEqual(given, digest(`Bearer ${token}`))) continue;
      request.poolRole = role;
      return true;
    }
    throw new UnauthorizedException('Send Authorization: Bearer and a token of the pools.');
  }
}

export function roleOf(context: ExecutionContext): AdminRole | null {
  return context.switchToHttp().getRequest<PoolRequest>().poolRole ?? null;
}
