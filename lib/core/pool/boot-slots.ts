import type { Member } from './member.js';

/** A boot that takes longer than this waits for something, a connection perhaps, and no longer for a core. Milliseconds. */
const SLOT_MS = 500;

/**
 * Milliseconds until one more worker may begin to boot: 0 while fewer boot than there are `slots`. More boots than cores
 * only lengthen each of them, so that all would be ready late instead of one after the other.
 */
export function bootDelay(members: Iterable<Member>, slots: number, now: number): number {
  const ages = [...members]
    .filter((member) => member.state === 'starting')
    .map((member) => now - member.bornAt)
    .filter((age) => age < SLOT_MS)
    .sort((a, b) => b - a);
  return ages.length < slots ? 0 : SLOT_MS - ages[ages.length - slots]!;
}
