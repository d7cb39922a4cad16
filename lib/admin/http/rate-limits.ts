import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { createHmac, randomBytes } from 'node:crypto';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { AdminRole } from '../../core/contract/operation.js';
import { ADMIN_OPTIONS } from './tokens.js';
import type { ResolvedAdminOptions } from '../admin-options.js';

/** Addresses share this many counts for each role, so that no number of clients takes more memory. */
const BUCKETS = 4_096;

/** Too often: when to come again, and whether this is the first time in this minute. */
export interface Excess {
  readonly retryAfterSeconds: number;
  readonly isFirst: boolean;
}

/**
 * How often an address asks, by role: who holds no token cannot use up what operators behind the same address may ask.
 * Counts of a minute, in memory, of this process alone.
 */
@Injectable()
export class RateLimits implements OnApplicationShutdown {
  readonly #limiters: Readonly<Record<'change' | 'read', RateLimiterMemory>> | null;
  /** Nobody outside can tell which addresses share a count. */
  readonly #salt = randomBytes(16);

  constructor(@Inject(ADMIN_OPTIONS) { rateLimit }: Pick<ResolvedAdminOptions, 'rateLimit'>) {
    this.#limiters = rateLimit && {
      change: new RateLimiterMemory({ points: rateLimit.changesPerMinute, duration: 60 }),
      read: new RateLimiterMemory({ points: rateLimit.readsPerMinute, duration: 60 }),
    };
  }

  /** Counts one request; `null` while there is room. */
  async take(kind: 'change' | 'read', role: AdminRole | null, address: string): Promise<Excess | null> {
    const limiter = this.#limiters?.[kind];
    if (!limiter) return null;
    // Rejects with a result, not with an error, when there is no room.
    const result = await limiter.consume(`${role}:${this.#bucket(address)}`).catch((excess: unknown) => excess);
    const { consumedPoints, msBeforeNext } = result as { consumedPoints: number; msBeforeNext: number };
    if (consumedPoints <= limiter.points) return null;
    const isFirst = consumedPoints === limiter.points + 1;
    return { retryAfterSeconds: Math.max(1, Math.ceil(msBeforeNext / 1_000)), isFirst };
  }

  /** Counts that are kept, at most two for each bucket and role. */
  get size(): number {
    return this.#all().reduce((sum, limiter) => sum + limiter.dump().storage.length, 0);
  }

  async onApplicationShutdown(): Promise<void> {
    for (const limiter of this.#all()) {
      for (const { key } of limiter.dump().storage) await limiter.delete(key);
    }
  }

  #all(): readonly RateLimiterMemory[] {
    return this.#limiters ? Object.values(this.#limiters) : [];
  }

  #bucket(address: string): number {
    return createHmac('sha256', this.#salt).update(address).digest().readUInt32BE() % BUCKETS;
  }
}
