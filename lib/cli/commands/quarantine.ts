import { adminApi } from '../api/admin-api.js';
import { CONNECTION_OPTIONS, connectionOf, JSON_OPTION } from '../api/connection.js';
import { type Command, EXIT, type OptionValues, UsageError } from '../command.js';
import { poolName } from '../pool-name.js';
import { show } from '../show.js';
import { paintFor } from '../text/paint.js';
import { quarantined, releasedFromQuarantine } from '../words/quarantine.js';

/** More are counted, and not listed. */
const MOST = 1_000;
const ALL = 'all';

/** `dynamic-pool quarantine`: tasks that cost too many workers, and lets them run again. */
export const quarantine: Command = {
  name: 'quarantine',
  about: 'Lists the tasks that no worker runs since they made too many exit, or releases them.',
  usage: 'POOL [options]',
  options: {
    release: { type: 'value', shown: 'ID', about: 'let this one run again; all: all of them', completes: [ALL] },
    reason: { type: 'value', shown: 'TEXT', about: 'with --release: why, for the audit line' },
    ...JSON_OPTION,
    ...CONNECTION_OPTIONS,
  },
  arguments: 1,
  completes: 'pool',
  examples: [
    'dynamic-pool quarantine images',
    'dynamic-pool quarantine images --release 3 --reason "parser mended"',
    'dynamic-pool quarantine images --release all',
  ],
  async run(values, output, positionals, surroundings) {
    const name = poolName(positionals);
    const given = releaseIn(values);
    const reason = values.reason === undefined ? undefined : String(values.reason);
    if (given === null && reason !== undefined) throw new UsageError('--reason needs a release: --release ID.');
    const api = adminApi(connectionOf(values, surroundings));
    const paint = paintFor(surroundings);
    if (given === null) {
      show(await api.quarantine(name, MOST), values, output, (view) => quarantined(view, paint));
    } else {
      const id = given === ALL ? undefined : given;
      const result = await api.releaseQuarantined(name, { id, reason });
      show(result, values, output, (each) => releasedFromQuarantine(each, paint));
    }
    return EXIT.done;
  },
};

/** Nothing but the word releases all: a slip of the hand must not. */
function releaseIn({ release }: OptionValues): number | typeof ALL | null {
  if (release === undefined) return null;
  const text = String(release);
  if (text === ALL) return ALL;
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new UsageError(`--release is '${text}', but must be the ID of a task in quarantine, or ${ALL}.`);
}
