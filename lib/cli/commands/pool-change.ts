import type { PoolView } from '../../core/contract/operation.js';
import { adminApi, type AdminApi } from '../api/admin-api.js';
import { CONNECTION_OPTIONS, connectionOf, JSON_OPTION } from '../api/connection.js';
import { type Command, EXIT } from '../command.js';
import { poolName } from '../pool-name.js';
import { show } from '../show.js';

/** What a command that changes one pool, and takes nothing but its name, differs in. */
export interface PoolChange {
  readonly name: string;
  readonly about: string;
  readonly ask: (api: AdminApi, pool: string) => Promise<PoolView>;
  readonly inWords: (view: PoolView) => string;
}

export function poolChange({ name, about, ask, inWords }: PoolChange): Command {
  return {
    name,
    about,
    usage: 'POOL [options]',
    options: { ...JSON_OPTION, ...CONNECTION_OPTIONS },
    arguments: 1,
    completes: 'pool',
    examples: [`dynamic-pool ${name} images`],
    async run(values, output, positionals, surroundings) {
      const pool = poolName(positionals);
      show(await ask(adminApi(connectionOf(values, surroundings)), pool), values, output, inWords);
      return EXIT.done;
    },
  };
}
