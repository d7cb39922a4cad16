/** Uniform numbers above 0 and below 1: neither bound is ever drawn, so that a logarithm may be taken. */
export type Random = () => number;

/** Streams of one seed, so that changing what is drawn from one leaves the others as they are. */
export const ARRIVALS_STREAM = 0;
export const SERVICES_STREAM = 1;
export const FAILURES_STREAM = 2;

const UINT32 = 2 ** 32;

/**
 * Seeded randomness: the generator sfc32 of Chris Doty-Humphrey (PractRand 0.95, 2018), 128 bits of state, 32 a draw, the
 * same on every machine. Streams of one seed are independent of each other: the state is filled by splitmix32 from both.
 */
export function seededRandom(seed: number, stream = 0): Random {
  const fill = splitmix32(Math.imul(seed | 0, 0x9e3779b1) ^ Math.imul((stream + 1) | 0, 0x85ebca6b));
  let a = fill();
  let b = fill();
  let c = fill();
  let counter = 1;
  const draw = () => {
    const next = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + next) | 0;
    return ((next >>> 0) + 0.5) / UINT32;
  };
  // The generator's author discards the first draws: until then the state still shows the seed.
  for (let i = 0; i < 12; i++) draw();
  return draw;
}

/** Exponential with mean 1. */
export function exponential(random: Random): number {
  return -Math.log(random());
}

/** Standard normal numbers (G. E. P. Box and M. E. Muller, 1958); each pair of draws gives two. */
export function normals(random: Random): () => number {
  let spare: number | null = null;
  return () => {
    if (spare !== null) {
      const kept = spare;
      spare = null;
      return kept;
    }
    const radius = Math.sqrt(2 * exponential(random));
    const angle = 2 * Math.PI * random();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}

/** Guy Steele's SplitMix in 32 bits, with the finalizer of MurmurHash3. */
function splitmix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return mixed ^ (mixed >>> 16);
  };
}
