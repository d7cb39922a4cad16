/** A stretch of time over which a rate runs straight from one value to another. */
export interface Segment {
  /** Milliseconds; a segment of no length is left out. */
  readonly lengthMs: number;
  /** Arrivals per second at its beginning, and at its end. */
  readonly from: number;
  readonly to: number;
}

/** What a load shape says of time and rate, from segments one after another. Where two of them differ, the rate jumps. */
export function joined(segments: readonly Segment[]): { durationMs: number; rateAt: (ms: number) => number } {
  const lines = segments.filter((segment) => segment.lengthMs > 0);
  const starts: number[] = [];
  let durationMs = 0;
  for (const { lengthMs } of lines) {
    starts.push(durationMs);
    durationMs += lengthMs;
  }
  const rateAt = (ms: number) => {
    const index = lastAtOrBefore(starts, ms);
    const { lengthMs, from, to } = lines[index]!;
    const share = Math.min(1, Math.max(0, (ms - starts[index]!) / lengthMs));
    return from + (to - from) * share;
  };
  return { durationMs, rateAt };
}

/** The same segments `times` times over. */
export function repeated(segments: readonly Segment[], times: number): Segment[] {
  return Array.from({ length: times }, () => segments).flat();
}

/** The index of the last start that is not after `ms`, or 0. */
function lastAtOrBefore(starts: readonly number[], ms: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= ms) low = middle;
    else high = middle - 1;
  }
  return low;
}
