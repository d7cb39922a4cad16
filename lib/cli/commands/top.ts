import type { PoolHistory, PoolView } from '../../core/contract/operation.js';
import { adminApi, type AdminApi } from '../api/admin-api.js';
import { CONNECTION_OPTIONS, connectionOf } from '../api/connection.js';
import { type Command, CommandFailure, EXIT } from '../command.js';
import { cleaned } from '../text/clean.js';
import { paintFor } from '../text/paint.js';
import { drawnOnce } from '../top/draw.js';
import { opened } from '../top/model.js';
import { runTop } from '../top/run-top.js';

/** What the sparklines begin with. */
const HISTORY_SECONDS = 120;
/** Beyond that the pools are off the screen, and each takes a request. */
const MOST_HISTORIES = 40;
/** Of what is no terminal. */
const PIPED_WIDTH = 120;

/** `dynamic-pool top`: a live table. */
export const top: Command = {
  name: 'top',
  about: 'Shows all pools live, with the course of their load and size.',
  usage: '[options]',
  options: {
    once: { type: 'flag', about: 'print the table once and end, as where the output is no terminal' },
    ...CONNECTION_OPTIONS,
  },
  examples: ['dynamic-pool top', 'dynamic-pool top --once', 'NO_COLOR=1 dynamic-pool top'],
  async run(values, output, _, surroundings) {
    const connection = connectionOf(values, surroundings);
    const { terminal } = surroundings;
    const api = adminApi(connection);
    const views = await api.pools();
    const model = opened(cleaned(views), await historiesOf(api, views));
    if (terminal.isTTY && values.once !== true) {
      await runTop(connection, model, output, surroundings);
      return EXIT.done;
    }
    const width = terminal.isTTY ? terminal.columns : PIPED_WIDTH;
    const lines = views.length === 0 ? ['There are no pools.'] : drawnOnce(model, width, paintFor(surroundings));
    output.out(`${lines.join('\n')}\n`);
    return EXIT.done;
  },
};

/** By the cleaned names; a pool whose history cannot be had begins with none. */
async function historiesOf(api: AdminApi, views: readonly PoolView[]): Promise<Map<string, PoolHistory>> {
  const told = await Promise.all(
    views.slice(0, MOST_HISTORIES).map(async ({ name }) => {
      try {
        return [[cleaned(name), await api.history(name, HISTORY_SECONDS)] as const];
      } catch (error) {
        if (error instanceof CommandFailure) return [];
        throw error;
      }
    }),
  );
  return new Map(told.flat());
}
