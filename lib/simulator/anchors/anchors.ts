import type { Decider } from '../../core/scaling/contract.js';
import { buildDecider } from '../../core/scaling/deciders/build-decider.js';
import { hpa } from './hpa.js';
import { knative } from './knative.js';
import { onDemand } from './on-demand.js';

/** A policy of others, to compare with. */
export interface Anchor {
  readonly about: string;
  /** How often it is asked and samples the pool, milliseconds; it may decide less often. */
  readonly tickMs: number;
  /** A new one for each pool: it keeps state. */
  readonly decider: () => Decider;
}

export type AnchorName = 'hpa' | 'knative' | 'on-demand' | 'hill-climbing' | 'gradient2';

const built = (type: 'hill-climbing' | 'gradient2') => () => buildDecider({ type }, { option: `anchor '${type}'` });

/** The policies of others, by name; `bestStatic`, which knows the load, is none. */
export const ANCHORS: Readonly<Record<AnchorName, Anchor>> = {
  hpa: { about: "Kubernetes' HorizontalPodAutoscaler, 70 % utilization", tickMs: 250, decider: () => hpa() },
  knative: { about: "Knative's pod autoscaler, 70 % of one task to a worker", tickMs: 250, decider: () => knative() },
  'on-demand': {
    about: 'a worker for each task that waits, which leaves after 10 s idle',
    tickMs: 50,
    decider: () => onDemand(),
  },
  'hill-climbing': { about: "the .NET thread pool's hill climbing", tickMs: 250, decider: built('hill-climbing') },
  gradient2: { about: "Netflix's Gradient2Limit", tickMs: 250, decider: built('gradient2') },
};
