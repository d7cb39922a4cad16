import { freeOf, reserved, type Claim } from './claim.js';

/**
 * Who may hold how much, from what each pool is entitled to. Pools are in order of rank. The entitlements add up to the
 * budget at most; each is its pool's floor at least.
 */

/**
 * The most that each pool may hold. What nobody is entitled to is lent: those who hold some of it keep it as long as
 * there is enough, and anybody may take the rest.
 */
export function ceilings(workers: number, claims: readonly Claim[], entitled: readonly number[]): readonly number[] {
  const surplus = workers - sum(entitled);
  const lent = trimmed(
    claims.map(({ held }, index) => Math.max(0, held - entitled[index]!)),
    surplus,
  );
  const rest = surplus - sum(lent);
  return claims.map(({ max }, index) => Math.min(max, entitled[index]! + lent[index]! + rest));
}

/**
 * Entitlements that are no more than there is: what was divided before the budget or a floor changed may be. Whoever has
 * most above its floor gives first. The floors have to fit.
 */
export function fitted(workers: number, claims: readonly Claim[], entitled: readonly number[]): readonly number[] {
  const over = sum(entitled) - workers;
  if (over <= 0) return entitled;
  const above = claims.map(({ min }, index) => entitled[index]! - min);
  const kept = trimmed(above, sum(above) - over);
  return claims.map(({ min }, index) => min + kept[index]!);
}

/**
 * How many workers more a pool can have now, up to what it wants. What is free stays there for those of higher rank who
 * are entitled to it and have not fetched it yet.
 */
export function grantable(
  workers: number,
  claims: readonly Claim[],
  entitled: readonly number[],
  index: number,
): number {
  const claim = claims[index]!;
  const awaited = sum(claims.slice(0, index).map((other, rank) => Math.max(0, entitled[rank]! - reserved(other))));
  const reach = reserved(claim) + Math.max(0, freeOf(workers, claims) - awaited);
  return Math.max(0, Math.min(claim.want, ceilings(workers, claims, entitled)[index]!, reach) - claim.held);
}

/** Cuts what was lent to what there is: whoever has most gives first, and among equals the lower in rank. */
function trimmed(lent: readonly number[], surplus: number): readonly number[] {
  const kept = [...lent];
  for (let over = sum(kept) - surplus; over > 0; over--) kept[kept.lastIndexOf(Math.max(...kept))]! -= 1;
  return kept;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
