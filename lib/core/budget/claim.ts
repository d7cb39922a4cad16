/** What a pool holds of a budget, and what it would hold if there were enough. `held <= want <= max`. */
export interface Claim {
  readonly pool: string;
  /** Always there for this pool, held or not. */
  readonly min: number;
  readonly max: number;
  readonly held: number;
  readonly want: number;
}

/** Workers that no other pool can have: those held, and the rest of the floor. */
export function reserved({ held, min }: Claim): number {
  return Math.max(held, min);
}

/** Workers that nobody holds and no floor needs. */
export function freeOf(workers: number, claims: readonly Claim[]): number {
  return claims.reduce((free, claim) => free - reserved(claim), workers);
}
