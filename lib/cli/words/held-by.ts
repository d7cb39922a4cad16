const KNOWN: Readonly<Record<string, string>> = {
  override: 'the size is pinned',
  'a pause': 'the pool is paused',
  'the end of the pool': 'the pool is closing',
  'a resize under way': 'an earlier resize is not finished',
  flapping: 'it went up and down too often of late, and does not shrink for a minute',
  'a fault': 'a part of its policy failed',
  budget: 'the budget that pools share has no more for it',
  stabilization: 'the guard stabilization waits whether that lasts',
  'memory headroom': 'there is not enough memory for more',
  'breaker half-open': 'the circuit breaker tries whether the downstream is well again',
};

/** Why a proposal did not pass, as the rest of a sentence. */
export function heldInWords(heldBy: string): string {
  if (Object.hasOwn(KNOWN, heldBy)) return KNOWN[heldBy]!;
  const bound = /^(?<which>min|max) (?<size>\d+)$/.exec(heldBy)?.groups;
  if (bound) return `its ${bound.which} is ${bound.size}`;
  const signal = /^signal (?<name>.+)$/.exec(heldBy)?.groups;
  if (signal) return `the signal ${signal.name} has no fresh value`;
  return `held by ${heldBy}`;
}
