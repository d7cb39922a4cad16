import { paused } from '../words/changes.js';
import { poolChange } from './pool-change.js';

/** `dynamic-pool pause`: starts no more tasks. */
export const pause = poolChange({
  name: 'pause',
  about: 'Starts no more tasks: those that run end, those that come queue.',
  ask: (api, pool) => api.change(pool, 'pause'),
  inWords: paused,
});
