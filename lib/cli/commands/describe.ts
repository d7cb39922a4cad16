import { adminApi } from '../api/admin-api.js';
import { CONNECTION_OPTIONS, connectionOf, JSON_OPTION } from '../api/connection.js';
import { type Command, EXIT } from '../command.js';
import { poolName } from '../pool-name.js';
import { show } from '../show.js';
import { paintFor } from '../text/paint.js';
import { described } from '../words/describe.js';

/** `dynamic-pool describe`: everything about one pool. */
export const describe: Command = {
  name: 'describe',
  about: 'Tells all about a pool: sizes, queue, times, tasks and workers.',
  usage: 'POOL [options]',
  options: { ...JSON_OPTION, ...CONNECTION_OPTIONS },
  arguments: 1,
  completes: 'pool',
  examples: ['dynamic-pool describe images', 'dynamic-pool describe images --json'],
  async run(values, output, positionals, surroundings) {
    const name = poolName(positionals);
    const view = await adminApi(connectionOf(values, surroundings)).pool(name);
    show(view, values, output, (each) => described(each, paintFor(surroundings)));
    return EXIT.done;
  },
};
