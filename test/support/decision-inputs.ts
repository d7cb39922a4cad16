import type { DecisionInput, PoolReading } from '../../lib/core/scaling/contract.js';

export interface InputParts extends Partial<PoolReading> {
  readonly now?: number;
  readonly signals?: Readonly<Record<string, number>>;
}

/** What a decider and the guards go by: a pool of `target` workers, all ready, within 1 to 32, with nothing to do. */
export function inputOf({ now = 0, signals = {}, ...part }: InputParts = {}): DecisionInput {
  const target = part.target ?? 4;
  const size = part.size ?? target;
  const snapshot: PoolReading = {
    name: 'images',
    min: 1,
    max: 32,
    target,
    size,
    starting: 0,
    live: size,
    busy: 0,
    queueDepth: 0,
    ...part,
  };
  return { now, snapshot, signals };
}
