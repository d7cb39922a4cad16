import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Inject, Injectable, Optional, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Timer } from '../../core/clock.js';
import type { AdminEventMap, AdminEventName, AdminRefusal } from '../../core/contract/operation.js';
import { PoolService } from '../../nest/pool.service.js';
import { EventRing } from './event-ring.js';
import { bodyOf, idLine, OPENING, seqOf } from './frames.js';
import { LiveClient, type Refill } from './live-client.js';
import { LIVE_OPTIONS, resolveLive, type LiveOptions } from './live-options.js';
import { piecesOf, type Frame } from './piece.js';
import { SnapshotCache } from './snapshot-cache.js';
import { watchPools, type PoolWatcher, type ToldEvent } from './watch-pools.js';

/**
 * What happens to the pools, as server-sent events, to as many clients as there are: each event becomes bytes once. What
 * happens in one turn goes out in one write at the end of it. Events are kept also while nobody is connected, for those
 * who come back; snapshots are taken only while somebody is.
 *
 * `new` → `watching` by `onModuleInit()` → `closed` by `onModuleDestroy()`, for good.
 */
@Injectable()
export class LiveEvents implements OnModuleInit, OnModuleDestroy, PoolWatcher, Refill {
  /** Events that were made bytes, by name. */
  readonly serialised: Record<AdminEventName, number> = { snapshot: 0, decision: 0, resized: 0, worker: 0, gap: 0 };
  /** Of this life of the process: ids of another one mean nothing here. */
  readonly boot = randomBytes(6).toString('hex');
  readonly #pools: PoolService;
  readonly #options: Required<LiveOptions>;
  readonly #ring: EventRing;
  readonly #snapshots: SnapshotCache;
  readonly #clients = new Set<LiveClient>();
  readonly #changed = new Set<string>();
  #frames: Frame[] = [];
  #seq = 0;
  #turn: NodeJS.Immediate | null = null;
  #timer: Timer | null = null;
  #beatAt = 0;
  #stopWatching: (() => void) | null = null;
  #isClosed = false;

  constructor(pools: PoolService, @Optional() @Inject(LIVE_OPTIONS) options: LiveOptions = {}) {
    this.#pools = pools;
    this.#options = resolveLive(options);
    this.#ring = new EventRing(this.#options.keptEvents, this.#options.maxBufferBytes);
    this.#snapshots = new SnapshotCache(
      pools,
      this.#options.snapshotMs,
      () => this.now(),
      () => void this.serialised.snapshot++,
    );
  }

  onModuleInit(): void {
    this.#stopWatching ??= watchPools(this.#pools, this);
  }

  /** Ends all streams, so that the HTTP server can close. */
  onModuleDestroy(): void {
    this.flush();
    this.#isClosed = true;
    this.#stopWatching?.();
    for (const client of this.#clients) {
      if (client.fullSince === null) client.end();
      else client.destroy();
    }
    this.#clients.clear();
    this.#rest();
  }

  /** How many are connected. */
  get clients(): number {
    return this.#clients.size;
  }

  /** Bytes that wait in this process to be sent, to all clients together. */
  get bufferedBytes(): number {
    return [...this.#clients].reduce((sum, client) => sum + client.buffered, 0);
  }

  /**
   * Answers with a stream of events that ends when the client leaves or the application stops; with 503 where there are
   * too many already. Headers that were set before are sent with it. `lastEventId`: what the client sent as
   * `Last-Event-ID`, if anything.
   */
  open(request: IncomingMessage, response: ServerResponse, lastEventId: string | null): void {
    if (this.#isClosed || this.#clients.size >= this.#options.maxClients) return refuse(response, this.#isClosed);
    if (response.destroyed || request.socket?.destroyed) return;
    this.flush();
    // The stream ends when the application does: nothing else is to come on this connection.
    response.shouldKeepAlive = false;
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      // no-transform: compression would hold events back.
      'Cache-Control': 'no-store, no-transform',
      'X-Accel-Buffering': 'no',
    });
    const client = new LiveClient(response, this.#options.maxBufferBytes, this);
    this.#clients.add(client);
    response.on('close', () => this.#leave(client));
    response.on('error', () => this.#leave(client));
    this.#timer ??= this.#start();
    const missed = this.#missedSince(lastEventId);
    if (Array.isArray(missed)) client.begin(Buffer.concat([OPENING, ...missed]), null);
    else client.begin(OPENING, missed as { missed: number | null });
  }

  told<E extends ToldEvent>(event: E, data: AdminEventMap[E]): void {
    const seq = ++this.#seq;
    const frame = Buffer.concat([idLine(this.boot, seq), this.#bodyOf(event, data)]);
    this.#ring.add(seq, frame);
    if (this.#clients.size > 0) this.#queue({ bytes: frame, snapshotOf: null });
  }

  /** Tells clients of a pool at the end of this turn instead of within a second. */
  changed(pool: string): void {
    this.#snapshots.forget(pool);
    if (this.#clients.size === 0) return;
    this.#changed.add(pool);
    this.#soon();
  }

  gap(missed: number | null): Buffer {
    return this.#numbered(this.#bodyOf('gap', { v: 1, pool: null, at: Date.now(), missed }));
  }

  snapshot(pool: string): Buffer {
    return this.#numbered(this.#snapshots.newest(pool));
  }

  pools(): readonly string[] {
    return this.#pools.pools();
  }

  now(): number {
    return this.#options.clock.now();
  }

  #missedSince(lastEventId: string | null) {
    if (lastEventId === null || lastEventId === '') return [];
    const seq = seqOf(this.boot, lastEventId);
    return seq === null || seq > this.#seq ? { missed: null } : this.#ring.after(seq);
  }

  #start(): Timer {
    const { clock, snapshotMs } = this.#options;
    this.#beatAt = clock.now();
    return clock.every(snapshotMs, () => this.#tick());
  }

  #tick(): void {
    const { heartbeatMs, stuckMs, maxAgeMs } = this.#options;
    const now = this.now();
    const isBeat = now - this.#beatAt >= heartbeatMs;
    if (isBeat) this.#beatAt = now;
    for (const client of this.#clients) {
      if (client.fullSince !== null && now - client.fullSince >= stuckMs) client.destroy();
      else if (now - client.openedAt >= maxAgeMs) client.end();
      else if (isBeat) client.beat();
    }
    for (const pool of this.pools()) this.#changed.add(pool);
    this.flush();
  }

  #queue(frame: Frame): void {
    this.#frames.push(frame);
    this.#soon();
  }

  #soon(): void {
    this.#turn ??= setImmediate(() => this.flush());
  }

  /** Sends what has happened so far. */
  flush(): void {
    if (this.#turn) clearImmediate(this.#turn);
    this.#turn = null;
    for (const pool of this.#changed) {
      this.#frames.push({ bytes: this.#numbered(this.#snapshots.take(pool)), snapshotOf: pool });
    }
    this.#changed.clear();
    const pieces = piecesOf(this.#frames);
    this.#frames = [];
    if (pieces.length === 0) return;
    for (const client of this.#clients) {
      for (const piece of pieces) client.send(piece);
      client.catchUp();
    }
  }

  #leave(client: LiveClient): void {
    this.#clients.delete(client);
    if (this.#clients.size === 0) this.#rest();
  }

  /** Nobody listens. */
  #rest(): void {
    this.#timer?.cancel();
    this.#timer = null;
    if (this.#turn) clearImmediate(this.#turn);
    this.#turn = null;
    this.#frames = [];
    this.#changed.clear();
  }

  #bodyOf<E extends AdminEventName>(event: E, data: AdminEventMap[E]): Buffer {
    this.serialised[event]++;
    return bodyOf(event, data);
  }

  #numbered(body: Buffer): Buffer {
    return Buffer.concat([idLine(this.boot, ++this.#seq), body]);
  }
}

function refuse(response: ServerResponse, isClosed: boolean): void {
  const message = isClosed
    ? 'The application is shutting down.'
    : 'There are too many clients of live events. Close some, or read GET /pools instead.';
  const body: AdminRefusal = { statusCode: 503, error: 'Service Unavailable', message };
  response.writeHead(503, { 'Content-Type': 'application/json; charset=utf-8', 'Retry-After': '5' });
  response.end(JSON.stringify(body));
}
