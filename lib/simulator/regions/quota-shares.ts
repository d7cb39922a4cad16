/** What a region has at least, and what it would like to have. */
export interface Wish {
  readonly floor: number;
  /** Workers that its autoscaler would have if it were free to. */
  readonly wanted: number;
}

/**
 * Divides `cap` workers: floors first, the rest in proportion to what is wanted above them, so that what nobody wants now
 * is room to grow in where the load is. All of it is given out, in whole workers by the largest remainder (A. Hamilton,
 * 1792). The floors must fit into `cap`.
 */
export function quotaShares(cap: number, wishes: readonly Wish[]): number[] {
  const rest = wishes.reduce((left, { floor }) => left - floor, cap);
  // One more for each, so that a region that wants nothing is not left without room.
  const weights = wishes.map(({ floor, wanted }) => 1 + Math.max(0, wanted - floor));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const exact = weights.map((weight) => (rest * weight) / total);
  const shares = exact.map(Math.floor);
  const left = rest - shares.reduce((sum, share) => sum + share, 0);
  const byRemainder = exact
    .map((value, index) => ({ index, remainder: value - Math.floor(value) }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const { index } of byRemainder.slice(0, left)) shares[index]!++;
  return shares.map((share, index) => share + wishes[index]!.floor);
}
