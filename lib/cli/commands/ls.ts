import type { PoolView } from '../../core/contract/operation.js';
import { adminApi } from '../api/admin-api.js';
import { CONNECTION_OPTIONS, connectionOf, JSON_OPTION } from '../api/connection.js';
import { type Command, EXIT } from '../command.js';
import { show } from '../show.js';
import { paintFor } from '../text/paint.js';
import { table } from '../text/table.js';
import { POOL_COLUMNS, poolRow } from '../words/pool-rows.js';

/** `dynamic-pool ls`: all pools, a line for each. */
export const ls: Command = {
  name: 'ls',
  about: 'Lists the pools of a running application.',
  usage: '[options]',
  options: {
    names: { type: 'flag', about: 'print the names only, a line for each' },
    ...JSON_OPTION,
    ...CONNECTION_OPTIONS,
  },
  examples: ['dynamic-pool ls', 'dynamic-pool ls --json', 'dynamic-pool ls --url https://shop.example.com/pools'],
  async run(values, output, _, surroundings) {
    const { terminal } = surroundings;
    const pools = await adminApi(connectionOf(values, surroundings)).pools();
    const inWords = (views: readonly PoolView[]) => {
      if (values.names === true) return views.map(({ name }) => `${name}\n`).join('');
      if (views.length === 0) return 'There are no pools.\n';
      const width = terminal.isTTY ? terminal.columns : Infinity;
      return `${table(POOL_COLUMNS, views.map(poolRow), { paint: paintFor(surroundings), width }).join('\n')}\n`;
    };
    show(pools, values, output, inWords);
    return EXIT.done;
  },
};
