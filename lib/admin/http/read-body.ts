import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { header, rawRequest, type HttpRequest } from './http-parts.js';
import { refused } from './refused.js';

/** The largest body that is read, bytes. */
export const LARGEST_BODY = 16 * 1_024;

/** Bodies that `fastify-bodies.ts` has read before Fastify would. */
export const heldBodies = new WeakMap<IncomingMessage, { readonly value: unknown }>();

/**
 * The body as JSON, read by whichever came first: Fastify's hook of ours, a parser of the application, or this.
 * `undefined` where there is none.
 * @throws Refused 400, 413, 415
 */
export async function readJsonBody(request: HttpRequest): Promise<unknown> {
  const raw = rawRequest(request);
  if (!requireJsonHeaders(raw)) return undefined;
  const held = heldBodies.get(raw);
  if (held) return held.value;
  const { body } = request;
  if (body === undefined) return parse(await readText(raw));
  if (typeof body === 'string' || Buffer.isBuffer(body)) return parse(String(body));
  // It came in pieces, or compressed: nothing told its length.
  if (Buffer.byteLength(textOf(body)) > LARGEST_BODY) throw tooLarge();
  return body;
}

/**
 * Whether there is a body; a form's, which any page can post without asking, is none that is taken.
 * @throws Refused 413, 415
 */
export function requireJsonHeaders(raw: IncomingMessage): boolean {
  const length = Number(raw.headers['content-length'] ?? 0);
  const hasBody = length > 0 || raw.headers['transfer-encoding'] !== undefined;
  const type = raw.headers['content-type'];
  if ((hasBody || type !== undefined) && !/^application\/json\s*(;|$)/i.test(type ?? '')) {
    throw refused(415, 'a body must be JSON, with Content-Type: application/json.');
  }
  if ((header(raw, 'content-encoding') ?? 'identity') !== 'identity') {
    throw refused(415, 'a body must not be compressed.');
  }
  if (length > LARGEST_BODY) throw tooLarge();
  return hasBody;
}

/** @throws Refused 400, 413 */
export async function readJson(stream: Readable): Promise<unknown> {
  return parse(await readText(stream));
}

async function readText(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Not `for await`, which would destroy the stream, and with it the connection that the answer takes.
  await new Promise<void>((resolve, reject) => {
    // It may have ended while the guards were asked, and says so no second time.
    if (stream.destroyed) return reject(brokenOff());
    stream.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > LARGEST_BODY) reject(tooLarge());
      else chunks.push(chunk);
    });
    const breakOff = () => reject(brokenOff());
    stream.once('end', resolve).once('error', breakOff).once('close', breakOff);
  });
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw refused(400, 'the body is not JSON.');
  }
}

/** @throws Refused 422 for what is nested so deep that it cannot be written. */
function textOf(body: unknown): string {
  try {
    return JSON.stringify(body);
  } catch {
    throw refused(422, 'the body is nested too deep.');
  }
}

function brokenOff() {
  return refused(400, 'the body broke off.');
}

function tooLarge() {
  return refused(413, `a body may have ${LARGEST_BODY} bytes at most.`);
}
