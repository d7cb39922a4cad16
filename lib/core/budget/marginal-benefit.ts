import { loadOf, type PoolDemand } from '../scaling/guards/pool-demand.js';
import { reserved, type Claim } from './claim.js';
import { divide, type Need } from './divide.js';
import { lateRate } from './late-rate.js';
import type { Sharing } from './sharing.js';

/** Workers are divided anew at most this often, milliseconds, unless demand has changed much. */
const DIVIDE_EVERY_MS = 1_000;
/** Demand has changed much when its load has by this share, and by a worker at least. */
const MUCH = 0.25;
/** Another division has to spare this share of what is late with the present one, */
const LEAST_GAIN = 0.1;
/** and this share of all arrivals. */
const LEAST_GAIN_OF_ARRIVALS = 0.001;

/** What a division was made for; `null` for pools that had not told their demand. */
type Loads = ReadonlyMap<string, number | null>;

/**
 * Coordinates the pools of a process: a pool is entitled to what it wants, up to its part of the last division; the rest
 * is lent. C3; S4 Q20.
 *
 * `due` → `divided` → `due` a second after demand was told, or at once where a pool came, left or wants much more or
 * less. A division stays until another one is clearly better, so that ceilings do not flap. Pools that have told nothing
 * yet keep what they held then.
 */
export class MarginalBenefit implements Sharing {
  readonly #demands = new Map<string, PoolDemand>();
  #division = new Map<string, number>();
  #dividedFor: Loads = new Map();
  #dividedAt = -Infinity;
  #hasNews = false;

  rankOf(): number {
    return 0;
  }

  told(pool: string, demand: PoolDemand): void {
    this.#demands.set(pool, demand);
    this.#hasNews = true;
  }

  changed(pool: string): void {
    this.#demands.delete(pool);
    this.#division.delete(pool);
  }

  entitlements(workers: number, claims: readonly Claim[], now: number): readonly number[] {
    if (this.#isDue(claims, now)) this.#divide(workers, claims, now);
    return claims.map(({ pool, min, want }) => Math.max(min, Math.min(want, this.#division.get(pool)!)));
  }

  #isDue(claims: readonly Claim[], now: number): boolean {
    if (this.#isOfOthers(claims)) return true;
    if (!this.#hasNews) return false;
    return now - this.#dividedAt >= DIVIDE_EVERY_MS || claims.some(({ pool }) => this.#hasChangedMuch(pool));
  }

  #isOfOthers(claims: readonly Claim[]): boolean {
    return claims.length !== this.#division.size || claims.some(({ pool }) => !this.#division.has(pool));
  }

  #hasChangedMuch(pool: string): boolean {
    const [then, now] = [this.#dividedFor.get(pool) ?? null, this.#loadOf(pool)];
    if (then === null || now === null) return then !== now;
    return Math.abs(now - then) > Math.max(1, MUCH * then);
  }

  #divide(workers: number, claims: readonly Claim[], now: number): void {
    const known = claims.filter(({ pool }) => this.#demands.has(pool));
    const unknown = claims.filter(({ pool }) => !this.#demands.has(pool));
    const needs = known.map(({ pool, min, max }) => ({ min, max, demand: this.#demands.get(pool)! }));
    const rest = unknown.reduce((left, claim) => left - reserved(claim), workers);
    const sizes = divide(rest, needs);
    if (this.#isOfOthers(claims) || this.#isBetter(known, needs, sizes)) {
      this.#division = new Map(unknown.map((claim) => [claim.pool, reserved(claim)]));
      for (const [index, { pool }] of known.entries()) this.#division.set(pool, sizes[index]!);
    }
    this.#dividedFor = new Map(claims.map(({ pool }) => [pool, this.#loadOf(pool)]));
    this.#dividedAt = now;
    this.#hasNews = false;
  }

  #isBetter(known: readonly Claim[], needs: readonly Need[], sizes: readonly number[]): boolean {
    // What one pool kept before it told its demand may be in the way of all.
    if (known.some(({ pool }) => (this.#dividedFor.get(pool) ?? null) === null)) return true;
    const present = known.map(({ pool }) => this.#division.get(pool)!);
    const late = lateIn(needs, present);
    const arrivals = needs.reduce((sum, { demand }) => sum + demand.arrivalRate, 0);
    return late - lateIn(needs, sizes) > Math.max(LEAST_GAIN * late, LEAST_GAIN_OF_ARRIVALS * arrivals);
  }

  #loadOf(pool: string): number | null {
    const demand = this.#demands.get(pool);
    return demand === undefined ? null : loadOf(demand);
  }
}

function lateIn(needs: readonly Need[], sizes: readonly number[]): number {
  return needs.reduce((sum, { demand }, index) => sum + lateRate(demand, sizes[index]!), 0);
}
