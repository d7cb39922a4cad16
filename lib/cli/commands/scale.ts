import { userInfo } from 'node:os';
import { adminApi } from '../api/admin-api.js';
import { CONNECTION_OPTIONS, connectionOf, JSON_OPTION } from '../api/connection.js';
import { type Command, EXIT, UsageError } from '../command.js';
import { poolName } from '../pool-name.js';
import { readSpanMs } from '../read-values.js';
import { show } from '../show.js';
import { scaled } from '../words/changes.js';

/** `dynamic-pool scale`: pins the size of a pool. */
export const scale: Command = {
  name: 'scale',
  about: 'Pins the size of a pool; its autoscaler stands aside until then, or until auto.',
  usage: 'POOL SIZE [options]',
  options: {
    for: { type: 'value', shown: 'TIME', about: 'release it by itself after 10m, 1h30m (default: until auto)' },
    reason: { type: 'value', shown: 'TEXT', about: 'why, for those who wonder later' },
    owner: { type: 'value', shown: 'NAME', about: 'who does it (your login name)' },
    ...JSON_OPTION,
    ...CONNECTION_OPTIONS,
  },
  arguments: 2,
  completes: 'pool',
  examples: ['dynamic-pool scale images 8 --for 10m --reason "sale at noon"', 'dynamic-pool scale images 8'],
  async run(values, output, positionals, surroundings) {
    const name = poolName(positionals);
    const size = sizeOf(positionals[1]);
    const forMs = readSpanMs(values, 'for');
    const reason = values.reason === undefined ? undefined : String(values.reason);
    const owner = values.owner === undefined ? loginName() : String(values.owner);
    const api = adminApi(connectionOf(values, surroundings));
    const view = await api.pin(name, { size, forMs, reason, owner });
    show(view, values, output, scaled);
    return EXIT.done;
  },
};

/** Whether it is within the pool's bounds the application knows. */
function sizeOf(text: string | undefined): number {
  if (text === undefined) throw new UsageError('Which size? dynamic-pool scale POOL SIZE.');
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError(`SIZE is '${text}', but must be a whole number of workers.`);
}

/** There are systems that know no name for who runs this. */
function loginName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}
