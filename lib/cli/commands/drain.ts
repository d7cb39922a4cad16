import { drained } from '../words/changes.js';
import { poolChange } from './pool-change.js';

/** `dynamic-pool drain`: refuses new tasks. */
export const drain = poolChange({
  name: 'drain',
  about: 'Refuses new tasks; those that were accepted finish.',
  ask: (api, pool) => api.change(pool, 'drain'),
  inWords: drained,
});
