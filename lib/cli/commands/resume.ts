import { resumed } from '../words/changes.js';
import { poolChange } from './pool-change.js';

/** `dynamic-pool resume`: ends a pause or a drain. */
export const resume = poolChange({
  name: 'resume',
  about: 'Ends a pause or a drain.',
  ask: (api, pool) => api.change(pool, 'resume'),
  inWords: resumed,
});
