/** Sub-buckets of each power of two: 8, so that a bucket's width is at most 12.5 % of its value. */
const SUB_BITS = 3;
const SUB_BUCKETS = 1 << SUB_BITS;
/** Values are microseconds below 2^31, about 36 minutes; longer ones are counted there. */
const LARGEST_US = 2 ** 31 - 1;

/** Buckets of a histogram. */
export const BUCKETS = (31 - SUB_BITS + 1) * SUB_BUCKETS;

/**
 * The bucket of a duration in milliseconds. Log-linear, as in HdrHistogram: exact below 8 us, then eight buckets to
 * each power of two.
 */
export function bucketOf(ms: number): number {
  const us = Math.max(0, Math.min(LARGEST_US, ms * 1_000)) | 0;
  const exponent = 31 - SUB_BITS - Math.clz32(us | SUB_BUCKETS);
  return exponent * SUB_BUCKETS + (us >>> exponent);
}

/** The middle of a bucket in milliseconds: at most 6.25 % from any value in it. */
export function bucketMiddle(bucket: number): number {
  return (lowUs(bucket) + 2 ** exponentOf(bucket) / 2) / 1_000;
}

/** The least duration in a bucket, milliseconds. */
export function bucketLow(bucket: number): number {
  return lowUs(bucket) / 1_000;
}

function lowUs(bucket: number): number {
  if (bucket < SUB_BUCKETS) return bucket;
  return (SUB_BUCKETS + (bucket & (SUB_BUCKETS - 1))) * 2 ** exponentOf(bucket);
}

/** The width of a bucket is two to the power of this, microseconds. */
function exponentOf(bucket: number): number {
  return Math.max(0, (bucket >>> SUB_BITS) - 1);
}
