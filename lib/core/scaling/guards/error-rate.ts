import type { Guard } from '../contract.js';
import { SIGNALS } from '../well-known-signals.js';
import type { SpecReader } from '../spec-reader.js';
import { percent } from '../wording.js';
import { hold, isGrowth, pass } from './verdict.js';

/**
 * No growth while more than `above` of the tasks fail: more workers on something sick make it sicker. Shrinking passes.
 * D6; S1 T12; S4 Q21.
 */
export interface ErrorRateSpec {
  readonly type: 'error-rate';
  /** Share of what ended, above 0 and below 1. Default 0.1, the course's. */
  readonly above?: number;
  /** Default `errorRate`. */
  readonly signal?: string;
  /** What to do with growth while the signal has no value: default `hold`, since nobody can tell that all is well. */
  readonly whenMissing?: 'hold' | 'allow';
}

export function errorRate(read: SpecReader): Guard {
  read.only(['above', 'signal', 'whenMissing']);
  const above = read.number('above', { above: 0, below: 1 }, 0.1);
  const signal = read.signal('signal', SIGNALS.errorRate);
  const holdsBlindly = read.oneOf('whenMissing', ['hold', 'allow'], 'hold') === 'hold';
  return {
    apply(proposal, input) {
      if (!isGrowth(proposal, input)) return pass(proposal);
      const rate = input.signals[signal];
      if (rate === undefined) return holdsBlindly ? hold(input, 'error rate unknown') : pass(proposal);
      return rate > above ? hold(input, `error rate ${percent(rate)} > ${percent(above)}`) : pass(proposal);
    },
  };
}
