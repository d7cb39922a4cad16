import type { StreamEvent } from '../api/event-stream.js';
import { adminApi } from '../api/admin-api.js';
import { knownEvent } from '../api/answers.js';
import { CONNECTION_OPTIONS, type Connection, connectionOf } from '../api/connection.js';
import { followEvents } from '../api/follow-events.js';
import { type Command, CommandFailure, EXIT, type OptionValues, type Output } from '../command.js';
import { poolName } from '../pool-name.js';
import { clean, cleaned, safeJson } from '../text/clean.js';
import { duration } from '../text/quantities.js';
import { EventLines } from '../words/event-line.js';

/** `dynamic-pool events`: what happens, as it happens. */
export const events: Command = {
  name: 'events',
  about: 'Tells how the pools are, and with -f what happens from now on.',
  usage: '[-f] [options]',
  options: {
    follow: { type: 'flag', short: 'f', about: 'go on until Ctrl-C, over lost connections too' },
    pool: { type: 'value', shown: 'POOL', about: 'this pool only', completes: 'pool' },
    json: { type: 'flag', about: 'print JSON, one event a line' },
    ...CONNECTION_OPTIONS,
  },
  examples: ['dynamic-pool events -f', 'dynamic-pool events -f --pool images --json', 'dynamic-pool events'],
  async run(values, output, _, surroundings) {
    const connection = connectionOf(values, surroundings);
    const wanted = await poolsOf(values, connection);
    const write = writer(values, output, [...wanted].map(clean));
    const ended = new AbortController();
    const stop = surroundings.onInterrupt(() => ended.abort());
    // Each pool tells its snapshot at once: what has not come by then does not come.
    const isLate = values.follow === true ? null : setTimeout(() => ended.abort(LATE), connection.timeoutMs);
    try {
      if (values.follow === true || wanted.size > 0) await tell(connection, ended, wanted, write, values, output);
      if (ended.signal.reason === LATE) throw tooLate(connection);
      return EXIT.done;
    } finally {
      clearTimeout(isLate ?? undefined);
      stop();
    }
  },
};

const LATE = new Error('late');

/** Names of the pools that are told of. Asking for them tells at once where one does not exist. */
async function poolsOf(values: OptionValues, connection: Connection): Promise<Set<string>> {
  const api = adminApi(connection);
  if (values.pool === undefined) return new Set((await api.pools()).map(({ name }) => name));
  return new Set([(await api.pool(poolName([String(values.pool)]))).name]);
}

async function tell(
  connection: Connection,
  ended: AbortController,
  wanted: Set<string>,
  write: (event: StreamEvent) => void,
  values: OptionValues,
  output: Output,
): Promise<void> {
  const awaited = new Set(wanted);
  let isAgain = false;
  for await (const followed of followEvents(connection, ended.signal)) {
    if (followed.kind === 'connected') {
      if (isAgain) output.err('connected again\n');
      isAgain = true;
    } else if (followed.kind === 'disconnected') {
      const { why, retryMs } = followed;
      if (values.follow !== true) throw new CommandFailure(EXIT.unreachable, `the stream broke: ${why}`);
      output.err(`disconnected: ${clean(why)}; trying again in ${duration(retryMs)}\n`);
    } else {
      const { event, data } = followed.event;
      const { pool } = (data ?? {}) as { pool?: unknown };
      const isAgainTold = values.follow !== true && event === 'snapshot' && !awaited.has(String(pool));
      if (isAgainTold) continue;
      if (values.pool === undefined || pool === null || wanted.has(String(pool))) write(followed.event);
      if (event === 'snapshot') awaited.delete(String(pool));
      if (values.follow !== true && awaited.size === 0) return;
    }
  }
}

function writer(values: OptionValues, output: Output, pools: readonly string[]): (event: StreamEvent) => void {
  if (values.json === true) {
    return ({ event, id, data }) => {
      const told = typeof data === 'object' && data !== null ? data : { data };
      // First, for people, and not to be had from what the server says.
      output.out(`${safeJson(Object.assign({ event, id }, told, { event, id }))}\n`);
    };
  }
  const lines = new EventLines(pools);
  return ({ event, data }) => {
    const known = knownEvent(event, cleaned(data));
    const line = known === null ? null : lines.line(known);
    if (line !== null) output.out(`${line}\n`);
  };
}

function tooLate({ url, timeoutMs }: Connection): CommandFailure {
  return new CommandFailure(
    EXIT.unreachable,
    `${url}/events did not tell of every pool within ${duration(timeoutMs)}. --timeout gives it longer, -f goes on.`,
  );
}
