import { createParser } from 'eventsource-parser';
import { redacted } from '../redact.js';
import type { Connection } from './connection.js';
import { send } from './exchange.js';
import { notTheApi, unreachable } from './unreachable.js';

/** One server-sent event, its data read from JSON. */
export interface StreamEvent {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: unknown;
}

export interface StreamOptions {
  /** Of the last event that was seen: what came since is sent first, where the application still has it. */
  readonly lastEventId?: string | undefined;
  /** Ends the stream. */
  readonly signal: AbortSignal;
  /** The application says after how many milliseconds to try again. */
  readonly onRetry?: (ms: number) => void;
}

/** No event is as long; what never ends is not kept. Characters. */
const LONGEST_EVENT = 16 * 1024 * 1024;
/** Without so much as a heartbeat for that long the other side is gone, milliseconds. */
const SILENCE_MS = 60_000;

/**
 * Opens the event stream; resolves once it is accepted, within the connection's time-out. The events end where the server
 * ends them.
 * @throws CommandFailure where it is refused, no event stream, or breaks.
 */
export async function openEvents(connection: Connection, options: StreamOptions): Promise<AsyncIterable<StreamEvent>> {
  const watch = new Watch(options.signal);
  watch.within(connection.timeoutMs);
  const id = options.lastEventId;
  try {
    const response = await send(connection, {
      method: 'GET',
      path: '/events',
      // What is no plain text cannot stand in a header.
      headers: {
        accept: 'text/event-stream',
        ...(id && /^[\x21-\x7e]{1,200}$/.test(id) ? { 'last-event-id': id } : {}),
      },
      signal: watch.signal,
    });
    const type = response.headers.get('content-type') ?? 'no content type';
    if (response.body === null || !type.startsWith('text/event-stream')) {
      await response.body?.cancel();
      throw notTheApi(connection, `its events are ${type}, not text/event-stream`);
    }
    return eventsOf(connection, response.body, watch, options);
  } catch (error) {
    watch.end();
    throw error;
  }
}

async function* eventsOf(
  connection: Connection,
  body: ReadableStream<Uint8Array>,
  watch: Watch,
  { onRetry }: StreamOptions,
): AsyncGenerator<StreamEvent, void, undefined> {
  let read: StreamEvent[] = [];
  const parser = createParser({
    maxBufferSize: LONGEST_EVENT,
    onRetry,
    onEvent({ id, event = 'message', data }) {
      const value = parsed(data, connection);
      if (value !== undefined) read.push({ id, event, data: value });
    },
  });
  const decoder = new TextDecoder();
  try {
    watch.within(SILENCE_MS);
    for await (const chunk of body) {
      watch.within(SILENCE_MS);
      parser.feed(decoder.decode(chunk, { stream: true }));
      const events = read;
      read = [];
      yield* events;
    }
  } catch (error) {
    throw watch.signal.aborted ? watch.signal.reason : unreachable(connection, error);
  } finally {
    watch.end();
  }
}

/** What is no JSON is no event of ours. */
function parsed(data: string, { redact }: Connection): unknown {
  try {
    return redacted(JSON.parse(data), redact);
  } catch {
    return undefined;
  }
}

/** Aborts when it is told to, or nothing has come for too long. */
class Watch {
  readonly #abort = new AbortController();
  readonly #outer: AbortSignal;
  readonly #stop = () => this.#abort.abort(this.#outer.reason);
  #timer: NodeJS.Timeout | undefined;

  constructor(outer: AbortSignal) {
    this.#outer = outer;
    if (outer.aborted) this.#stop();
    outer.addEventListener('abort', this.#stop);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  within(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => this.#abort.abort(new DOMException('nothing came for too long', 'TimeoutError')),
      ms,
    );
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#outer.removeEventListener('abort', this.#stop);
    // A stream that is left unread would hold its connection open.
    this.#abort.abort();
  }
}
