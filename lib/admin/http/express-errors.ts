import type { Refusals } from './refusals.js';
import { askedUrl, rawRequest } from './http-parts.js';
import { refused } from './refused.js';

/** What is used of Express. */
export interface ExpressLike {
  use(handler: (error: unknown, request: object, response: unknown, next: (error: unknown) => void) => void): unknown;
}

/**
 * Tells what Express's own parsers refuse (a body that is not JSON, or above their limit) in the shape of these routes.
 * They run before any route does; so does this, for the paths of this module.
 */
export function tellParserErrors(express: ExpressLike, path: string, refusals: Refusals): void {
  const own = new RegExp(
    `/(${path}/[^/]+/(override|policy|pause|resume|drain|dry-run|quarantine/release)|pool/manual)/?$`,
    'i',
  );
  express.use((error, request, response, next) => {
    const { status } = error as { status?: unknown };
    const isOwn = own.test(askedUrl(rawRequest(request)).path);
    if (!isOwn || typeof status !== 'number' || status < 400 || status >= 500) return next(error);
    void refusals.answer(request, response, refused(status, WORDS[status] ?? (error as Error).message));
  });
}

const WORDS: Readonly<Record<number, string>> = {
  400: 'the body is not JSON.',
  413: 'the body is too large.',
};
