import { CommandFailure, EXIT } from '../command.js';
import type { Connection } from './connection.js';
import { openEvents, type StreamEvent } from './event-stream.js';

/** What becomes of a stream that is followed. */
export type Followed =
  | { readonly kind: 'connected' }
  | { readonly kind: 'event'; readonly event: StreamEvent }
  | { readonly kind: 'disconnected'; readonly why: string; readonly retryMs: number };

/** The first try comes after that, unless the application says otherwise; each further one in a row takes twice as long. */
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 15_000;
/** What an application may ask for at least. */
const SHORTEST_RETRY_MS = 50;

/**
 * Follows the events until `signal` ends it. Lost connections are made again, from the last event on.
 * @throws CommandFailure where the first connection cannot be made, and whenever one is refused: to ask again would not help.
 */
export async function* followEvents(
  connection: Connection,
  signal: AbortSignal,
): AsyncGenerator<Followed, void, undefined> {
  let firstMs = FIRST_RETRY_MS;
  let lastEventId: string | undefined;
  let failures = 0;
  const onRetry = (ms: number) => (firstMs = Math.min(LONGEST_RETRY_MS, Math.max(SHORTEST_RETRY_MS, ms)));
  let wasConnected = false;
  while (!signal.aborted) {
    let why = 'the application has ended the stream';
    try {
      const events = await openEvents(connection, { lastEventId, signal, onRetry });
      wasConnected = true;
      yield { kind: 'connected' };
      for await (const event of events) {
        failures = 0;
        if (event.id) lastEventId = event.id;
        yield { kind: 'event', event };
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!wasConnected || isFinal(error)) throw error;
      why = error instanceof Error ? error.message : String(error);
    }
    if (signal.aborted) return;
    const retryMs = Math.min(LONGEST_RETRY_MS, firstMs * 2 ** failures++);
    yield { kind: 'disconnected', why, retryMs };
    await elapsed(retryMs, signal);
  }
}

function isFinal(error: unknown): boolean {
  return error instanceof CommandFailure && error.exitCode === EXIT.refused && !error.passes;
}

/** Resolves after so long, or once it is aborted. */
function elapsed(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
