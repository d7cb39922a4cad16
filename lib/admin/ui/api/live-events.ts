import { createParser } from 'eventsource-parser';
import type { AdminEventMap, AdminEventName } from '../../../core/contract/operation.js';
import type { ApiClient } from './api-client.js';
import { ApiError } from './api-error.js';

/** An event with its data, for a `switch` on `name`. */
export type LiveEvent = {
  [E in AdminEventName]: { readonly name: E; readonly data: AdminEventMap[E] };
}[AdminEventName];

/** Whom the stream tells. */
export interface LiveListener {
  /** The stream stands. `isResumed`: the server was told where it broke off. */
  connected(isResumed: boolean): void;
  event(event: LiveEvent): void;
  /** It broke; the next attempt is at `retryAt`, milliseconds since the epoch. */
  lost(retryAt: number): void;
  /** The token will not do: no further attempt until `start()`. */
  refused(error: ApiError): void;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
/** The server sends a heartbeat more often than this; a stream that is silent for longer is dead. */
const SILENCE_MS = 40_000;
const LONGEST_EVENT = 8 * 1024 * 1024;

/** Reads `GET /pools/events`, and connects anew when the stream breaks: `stopped` ⇄ `connecting` ⇄ `live` → `waiting` → `connecting`. */
export class LiveEvents {
  #run: AbortController | null = null;
  #lastEventId: string | null = null;
  #failures = 0;
  #wake: (() => void) | null = null;

  constructor(
    readonly client: ApiClient,
    readonly listener: LiveListener,
  ) {}

  start(): void {
    this.stop();
    this.#failures = 0;
    const run = new AbortController();
    this.#run = run;
    void this.#loop(run.signal);
  }

  stop(): void {
    this.#run?.abort();
    this.#run = null;
  }

  /** Ends the pause before the next attempt. */
  retryNow(): void {
    this.#wake?.();
  }

  async #loop(stopped: AbortSignal): Promise<void> {
    while (!stopped.aborted) {
      let retryAfterMs = 0;
      try {
        await this.#read(stopped);
      } catch (error) {
        if (stopped.aborted) return;
        if (error instanceof ApiError && error.isAboutAccess) return this.listener.refused(error);
        if (error instanceof ApiError) retryAfterMs = error.retryAfterMs;
      }
      if (stopped.aborted) return;
      const pauseMs = Math.max(retryAfterMs, this.#nextPauseMs());
      this.listener.lost(Date.now() + pauseMs);
      await this.#pause(pauseMs, stopped);
    }
  }

  /** Resolves when the server ends the stream. */
  async #read(stopped: AbortSignal): Promise<void> {
    const attempt = new AbortController();
    const abort = () => attempt.abort();
    stopped.addEventListener('abort', abort);
    let silence = setTimeout(abort, SILENCE_MS);
    try {
      const response = await this.client.events(this.#lastEventId, attempt.signal);
      this.listener.connected(this.#lastEventId !== null);
      const parser = createParser({
        maxBufferSize: LONGEST_EVENT,
        onEvent: ({ event, id, data }) => this.#onEvent(event, id, data),
      });
      const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        clearTimeout(silence);
        silence = setTimeout(abort, SILENCE_MS);
        parser.feed(part.value);
      }
    } finally {
      clearTimeout(silence);
      stopped.removeEventListener('abort', abort);
      attempt.abort();
    }
  }

  #onEvent(name: string | undefined, id: string | undefined, data: string): void {
    this.#failures = 0;
    if (id !== undefined && id !== '') this.#lastEventId = id;
    if (!isKnown(name)) return;
    this.listener.event({ name, data: JSON.parse(data) } as LiveEvent);
  }

  /** Exponential, with a fifth of randomness so that many pages do not return at once. */
  #nextPauseMs(): number {
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#failures++);
    return pause * (0.8 + Math.random() * 0.4);
  }

  #pause(ms: number, stopped: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const go = () => {
        clearTimeout(timer);
        stopped.removeEventListener('abort', go);
        this.#wake = null;
        resolve();
      };
      const timer = setTimeout(go, ms);
      stopped.addEventListener('abort', go);
      this.#wake = go;
    });
  }
}

const KNOWN = ['snapshot', 'decision', 'resized', 'worker', 'gap'] satisfies AdminEventName[];

function isKnown(name: string | undefined): name is AdminEventName {
  return (KNOWN as (string | undefined)[]).includes(name);
}
