import type { PoolView } from '../../core/contract/operation.js';
import type { Decision } from '../../core/scaling/contract.js';
import { adminApi } from '../api/admin-api.js';
import { CONNECTION_OPTIONS, connectionOf, JSON_OPTION } from '../api/connection.js';
import { type Command, EXIT } from '../command.js';
import { poolName } from '../pool-name.js';
import { readWhole } from '../read-values.js';
import { show } from '../show.js';
import type { Surroundings } from '../surroundings.js';
import { wrapped } from '../text/width.js';
import { count } from '../text/quantities.js';
import { decisionInWords, explained } from '../words/explain.js';

const DEFAULT_LAST = 5;
/** An application keeps no more for each pool. */
const MOST = 1_000;
/** Wider lines are hard to read. */
const WIDEST = 100;

interface Explanation {
  readonly pool: PoolView;
  /** Newest first. */
  readonly decisions: readonly Decision[];
}

/** `dynamic-pool explain`: the latest decisions in words. */
export const explain: Command = {
  name: 'explain',
  about: 'Tells in words why a pool has the size it has, and its last decisions.',
  usage: 'POOL [options]',
  options: {
    last: { type: 'value', shown: 'N', about: `decisions to tell, newest first (${DEFAULT_LAST})` },
    ...JSON_OPTION,
    ...CONNECTION_OPTIONS,
  },
  arguments: 1,
  completes: 'pool',
  examples: [
    'dynamic-pool explain images',
    'dynamic-pool explain images --last 20',
    'dynamic-pool explain images --json',
  ],
  async run(values, output, positionals, surroundings) {
    const name = poolName(positionals);
    const last = readWhole(values, 'last', 0, MOST) ?? DEFAULT_LAST;
    const api = adminApi(connectionOf(values, surroundings));
    // All of them: the latest resize may be a while ago.
    const [pool, decisions] = await Promise.all([api.pool(name), api.decisions(name, MOST)]);
    if (values.json === true) show({ pool, decisions: decisions.slice(0, last) }, values, output, () => '');
    else show({ pool, decisions }, values, output, (each) => inWords(each, last, surroundings));
    return EXIT.done;
  },
};

function inWords({ pool, decisions }: Explanation, last: number, { terminal }: Surroundings): string {
  const width = Math.min(WIDEST, terminal.isTTY ? terminal.columns : WIDEST);
  const told = decisions.slice(0, last).map((decision) => wrapped(decisionInWords(decision, pool.at), width));
  const title =
    told.length === 0
      ? []
      : [`${told.length === 1 ? 'The last decision' : `The last ${count(told.length, 'decision')}, newest first`}:`];
  return `${[wrapped(explained(pool, decisions), width), ...title, ...told].join('\n\n')}\n`;
}
