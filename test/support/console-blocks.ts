import { runCli } from '../../lib/cli/run-cli.js';
import { adminServer } from './admin-server.js';
import { surroundings } from './cli-surroundings.js';
import { decision, NOON, poolView, quarantineEntry } from './pool-views.js';

/** Command lines of a page, and what it says they print: blocks of ```console, their commands after `$ `. */
export interface ConsoleBlock {
  readonly command: string;
  readonly output: string;
}

export function consoleBlocks(page: string): ConsoleBlock[] {
  return [...page.matchAll(/```console\n\$ (?<command>[^\n]+)\n(?<output>[^]*?)```/g)].map(
    ({ groups }) => groups as never,
  );
}

/** What the command line prints, asked of the pools that the page goes by. */
export async function printed(command: string): Promise<string> {
  const pinned = { size: 1, owner: 'ada', reason: 'nightly import', until: NOON + 45 * 60_000 };
  await using server = await adminServer({
    pools: [
      poolView(),
      poolView({ name: 'mail', size: 1, target: 1, live: 1, busy: 0, idle: 1, queueDepth: 0, override: pinned }),
    ],
    decisions: [
      decision({
        seq: 8,
        at: NOON - 40_000,
        from: 4,
        to: 4,
        proposed: 3,
        heldBy: 'stabilization',
        reason: 'the size suits a load of 2.4 workers',
        repeated: 12,
        lastAt: NOON - 2_000,
      }),
      decision(),
    ],
    quarantine: [quarantineEntry(), quarantineEntry({ id: 5, since: NOON - 150_000 })],
  });
  let told = '';
  const write = (text: string) => void (told += text);
  const env = { DYNAMIC_POOL_URL: server.url, DYNAMIC_POOL_TOKEN: 'sesame' };
  const [, ...args] = wordsOf(command);
  await runCli(args, { out: write, err: write }, surroundings({ env }));
  return told;
}

/** As a shell splits them, as far as the pages need it. */
function wordsOf(line: string): string[] {
  return Array.from(
    line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g),
    ([, single, double, bare]) => single ?? double ?? bare!,
  );
}
