/**
 * The value that a share of all does not exceed, 0 of nothing: that of the nearest rank. It reorders `values`. By
 * selection (C. A. R. Hoare, Algorithm 65: Find, 1961), in time proportional to their number.
 */
export function quantile(values: Float64Array, share: number): number {
  if (values.length === 0) return 0;
  const rank = Math.max(0, Math.ceil(values.length * share) - 1);
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = values[(low + high) >> 1]!;
    let left = low;
    let right = high;
    while (left <= right) {
      while (values[left]! < pivot) left++;
      while (values[right]! > pivot) right--;
      if (left > right) break;
      const moved = values[left]!;
      values[left++] = values[right]!;
      values[right--] = moved;
    }
    if (right < rank) low = left;
    if (left > rank) high = right;
  }
  return values[rank]!;
}
