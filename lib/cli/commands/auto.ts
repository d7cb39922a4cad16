import { released } from '../words/changes.js';
import { poolChange } from './pool-change.js';

/** `dynamic-pool auto`: releases a pinned size. */
export const auto = poolChange({
  name: 'auto',
  about: 'Releases a pinned size: the autoscaler decides again.',
  ask: (api, pool) => api.release(pool),
  inWords: released,
});
