import type { ServerResponse } from 'node:http';
import { HEARTBEAT } from './frames.js';
import type { Piece } from './piece.js';

/** What a client asks for when it has room again. */
export interface Refill {
  /** Sends what has happened so far to everybody, so that numbers rise for each of them. */
  flush(): void;
  /** A `gap` that tells how many events the client has missed; `null`: not known. */
  gap(missed: number | null): Buffer;
  /** The newest snapshot of a pool. */
  snapshot(pool: string): Buffer;
  pools(): readonly string[];
  now(): number;
}

/**
 * One connection. `following` → `behind` when events find its buffer full: they are dropped and counted, until the
 * buffer has drained → `following` again, with one `gap` and fresh snapshots. Snapshots alone are never missed: where there
 * is no room for one, the pool is noted, and its newest one follows. Either → `closed`.
 */
export class LiveClient {
  readonly openedAt: number;
  readonly #response: ServerResponse;
  readonly #maxBytes: number;
  readonly #refill: Refill;
  /** Pools whose newest snapshot the client is to be sent when there is room. */
  readonly #owed = new Set<string>();
  /** Events that were dropped since the client fell behind. */
  #missed = 0;
  #fullSince: number | null = null;

  constructor(response: ServerResponse, maxBytes: number, refill: Refill) {
    this.#response = response;
    this.#maxBytes = maxBytes;
    this.#refill = refill;
    this.openedAt = refill.now();
    response.on('drain', () => {
      this.#fullSince = null;
      refill.flush();
      this.catchUp();
    });
  }

  /** Bytes that wait in this process to be sent. */
  get buffered(): number {
    return this.#response.writableLength;
  }

  /** Since when the socket has taken nothing, by the clock; `null` while nothing waits for it. */
  get fullSince(): number | null {
    return this.#fullSince;
  }

  /** Begins with what the client has missed, or with a gap, and the newest snapshot of each pool. */
  begin(first: Buffer, gap: { readonly missed: number | null } | null): void {
    this.#write(first);
    if (gap !== null) this.#write(this.#refill.gap(gap.missed));
    this.#oweAll();
    this.#sendOwed();
  }

  send({ bytes, events, pools }: Piece): void {
    // Snapshots leave half of the buffer to events, which would be lost.
    const room = events > 0 ? this.#maxBytes : this.#maxBytes / 2;
    if (this.#missed === 0 && this.buffered + bytes.length <= room) {
      for (const pool of pools) this.#owed.delete(pool);
      return this.#write(bytes);
    }
    for (const pool of pools) this.#owed.add(pool);
    this.#missed += events;
  }

  /** A gap for what was dropped, and the snapshots that are owed, as far as there is room. */
  catchUp(): void {
    // Streams of newer Node.js take more before they ask for a drain; then the next event or second looks again.
    if (this.#response.writableNeedDrain || this.buffered > this.#maxBytes / 2) return;
    if (this.#missed > 0) {
      this.#write(this.#refill.gap(this.#missed));
      this.#missed = 0;
      this.#oweAll();
    }
    this.#sendOwed();
  }

  beat(): void {
    if (!this.#response.writableNeedDrain) this.#write(HEARTBEAT);
  }

  end(): void {
    this.#response.end();
  }

  destroy(): void {
    this.#response.destroy();
  }

  #oweAll(): void {
    for (const pool of this.#refill.pools()) this.#owed.add(pool);
  }

  #sendOwed(): void {
    for (const pool of this.#owed) {
      if (this.buffered > this.#maxBytes / 2) return;
      this.#owed.delete(pool);
      this.#write(this.#refill.snapshot(pool));
    }
  }

  #write(bytes: Buffer): void {
    if (this.#response.write(bytes) || this.#fullSince !== null) return;
    this.#fullSince = this.#refill.now();
  }
}
