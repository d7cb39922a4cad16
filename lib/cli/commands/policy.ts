import type { PoolView } from '../../core/contract/operation.js';
import { adminApi } from '../api/admin-api.js';
import { CONNECTION_OPTIONS, connectionOf, JSON_OPTION } from '../api/connection.js';
import { type Command, EXIT, UsageError } from '../command.js';
import { PRESET_NAMES } from '../../core/scaling/presets.js';
import { inOptionNames } from '../option-names.js';
import { poolName } from '../pool-name.js';
import { readPolicy } from '../read-policy.js';
import { readWhole } from '../read-values.js';
import { show } from '../show.js';
import { duration } from '../text/quantities.js';
import { policySet } from '../words/changes.js';
import { compared } from '../words/dry-run.js';

/** What an application keeps for dry runs, minutes. */
const LONGEST_DRY_RUN = 15;

/** `dynamic-pool policy`: shows, sets, or tries the policy of a pool. */
export const policy: Command = {
  name: 'policy',
  about: 'Shows the policy of a pool, sets another, or tries one on the last minutes.',
  usage: 'POOL [options]',
  options: {
    set: {
      type: 'value',
      shown: 'POLICY',
      about: `a preset (${PRESET_NAMES.join(', ')}), JSON, or @FILE with JSON`,
      completes: PRESET_NAMES,
    },
    'dry-run': {
      type: 'value',
      shown: 'MINUTES',
      about: `change nothing: tell what it would have done with the last 1 to ${LONGEST_DRY_RUN} minutes`,
    },
    ...JSON_OPTION,
    ...CONNECTION_OPTIONS,
  },
  arguments: 1,
  completes: 'pool',
  examples: [
    'dynamic-pool policy images',
    'dynamic-pool policy images --set thrifty --dry-run 10',
    'dynamic-pool policy images --set thrifty',
    'dynamic-pool policy images --set \'{"preset":"balanced","guards":[{"type":"bounds","max":6}]}\'',
    'dynamic-pool policy images --set @night.json',
  ],
  async run(values, output, positionals, surroundings) {
    const name = poolName(positionals);
    const minutes = readWhole(values, 'dry-run', 1, LONGEST_DRY_RUN);
    const given = values.set;
    if (given === undefined && minutes !== undefined) {
      throw new UsageError('--dry-run needs a policy to try: --set POLICY.');
    }
    const proposed = given === undefined ? null : await inOptionNames([], () => readPolicy('set', String(given)));
    const api = adminApi(connectionOf(values, surroundings));
    if (proposed === null) {
      const view = await api.pool(name);
      const { policy, objectiveMs } = view;
      if (values.json === true) show({ pool: name, policy, objectiveMs }, values, output, () => '');
      else show(view, values, output, shown);
    } else if (minutes === undefined) show(await api.setPolicy(name, proposed), values, output, policySet);
    else show(await api.dryRun(name, { policy: proposed, minutes }), values, output, compared);
    return EXIT.done;
  },
};

function shown({ name, policy, objectiveMs }: PoolView): string {
  if (policy === null) return `${name} has no autoscaler (scaling: false), and so no policy.\n`;
  const text = typeof policy === 'string' ? policy : JSON.stringify(policy, null, 2);
  return `${text}\n${objectiveMs === null ? '' : `objective: 99 of 100 tasks wait no longer than ${duration(objectiveMs)}\n`}`;
}
