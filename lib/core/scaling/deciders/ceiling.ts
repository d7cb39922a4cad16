import type { Decider } from '../contract.js';
import type { Place } from '../../validate.js';
import type { SpecReader } from '../spec-reader.js';
import type { DeciderSpec } from './build-decider.js';

/**
 * What one decider proposes, but never more than another: `decider` knows the load, `limit` what can be borne, as
 * `gradient2` and `hill-climbing` do.
 */
export interface CeilingSpec {
  readonly type: 'ceiling';
  readonly decider: DeciderSpec;
  readonly limit: DeciderSpec;
}

export function ceiling(read: SpecReader, nested: (spec: unknown, place: Place) => Decider): Decider {
  read.only(['decider', 'limit']);
  const decider = nested(read.raw('decider'), read.at('decider'));
  const limit = nested(read.raw('limit'), read.at('limit'));
  const capped = (proposal: ReturnType<Decider['decide']>, cap: ReturnType<Decider['decide']>) =>
    proposal.target <= cap.target ? proposal : { target: cap.target, why: `${proposal.why}; but ${cap.why}` };
  let lastLimit: ReturnType<Decider['decide']> | null = null;
  return {
    needs: [...new Set([...(decider.needs ?? []), ...(limit.needs ?? [])])],
    decide(input) {
      lastLimit = limit.decide(input);
      return capped(decider.decide(input), lastLimit);
    },
    ...(decider.onQueued && {
      onQueued(input) {
        const proposal = decider.onQueued!(input);
        return proposal === null || lastLimit === null ? null : capped(proposal, lastLimit);
      },
    }),
  };
}
