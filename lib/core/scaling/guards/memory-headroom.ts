import type { Guard } from '../contract.js';
import { SIGNALS } from '../well-known-signals.js';
import type { SpecReader } from '../spec-reader.js';
import { isGrowth, pass } from './verdict.js';

/**
 * Grows by no more workers than the memory limit still has room for. The signal is counted in workers; where it has no
 * value, as without a limit, nothing is held. S5.
 */
export interface MemoryHeadroomSpec {
  readonly type: 'memory-headroom';
  /** Workers to keep room for. Default 0: the signal's own reserve is enough. */
  readonly reserve?: number;
  /** Default `memory`. */
  readonly signal?: string;
}

export function memoryHeadroom(read: SpecReader): Guard {
  read.only(['reserve', 'signal']);
  const reserve = read.number('reserve', { from: 0 }, 0);
  const signal = read.signal('signal', SIGNALS.memory);
  return {
    apply(proposal, input) {
      const room = input.signals[signal];
      if (room === undefined || !isGrowth(proposal, input)) return pass(proposal);
      const { target, size } = input.snapshot;
      // The signal counts what fits beside the workers there are.
      const allowed = Math.max(target, size + Math.floor(room - reserve));
      return proposal.target <= allowed ? pass(proposal) : { target: allowed, heldBy: 'memory headroom' };
    },
  };
}
