import { createHash, timingSafeEqual } from 'node:crypto';
import { Injectable, UnauthorizedException, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { AdminRole } from 'nestjs-dynamic-pool/admin';
import { tokens } from './tokens.js';

interface Caller {
  readonly headers: { readonly authorization?: string };
  poolRole?: AdminRole;
}

/** Lets in who sends `Authorization: Bearer` and a token of this service, and notes down what that token allows. */
@Injectable()
export class TokenGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const caller = context.switchToHttp().getRequest<Caller>();
    const [scheme, token = ''] = (caller.headers.authorization ?? '').split(' ');
    if (scheme?.toLowerCase() === 'bearer') {
      if (isEqual(token, tokens.operator)) caller.poolRole = 'operator';
      else if (isEqual(token, tokens.viewer)) caller.poolRole = 'viewer';
    }
    if (caller.poolRole) return true;
    throw new UnauthorizedException(
      'Send the header "Authorization: Bearer TOKEN"; the service prints its tokens when it starts.',
    );
  }
}

/** What the guard has noted down. */
export function roleOf(context: ExecutionContext): AdminRole | null {
  return context.switchToHttp().getRequest<Caller>().poolRole ?? null;
}

/** Takes equally long wherever the two differ. */
function isEqual(given: string, wanted: string): boolean {
  const [a, b] = [given, wanted].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(a!, b!);
}
