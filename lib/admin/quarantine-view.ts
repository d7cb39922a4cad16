import type { QuarantineEntry, QuarantineView } from '../core/contract/operation.js';
import type { QuarantinedTask } from '../core/contract/quarantine.js';
import type { PoolService } from '../nest/pool.service.js';
import { errorName } from './history/failure-log.js';

/** A task may have a name of any length. */
const LONGEST_TASK = 200;
const LONGEST_ERROR = 500;

/** What follows in the message of a crash is the message of somebody else's error, which may quote an argument. */
const CAUSE = ' Cause: ';
const CODE = /^[A-Z][A-Z0-9_]{1,60}$/;

/**
 * The quarantine of a pool as the HTTP API tells it: the first `limit` entries, those that are there longest first.
 * @throws PoolNotFoundError naming the pools there are.
 */
export function quarantineOf(pools: PoolService, pool: string, limit: number): QuarantineView {
  const all = pools.quarantined(pool);
  return { pool, at: Date.now(), total: all.length, entries: entriesOf(all, limit) };
}

export function entriesOf(tasks: readonly QuarantinedTask[], limit: number): readonly QuarantineEntry[] {
  return tasks.slice(0, limit).map(({ id, task, crashes, since, error }) => {
    return { id, task: task.slice(0, LONGEST_TASK), crashes, since, error: textOf(error) };
  });
}

/** How the worker exited; of what made it exit only the code or the name of the class. */
function textOf({ message, cause }: QuarantinedTask['error']): string {
  const [text = ''] = message.split(CAUSE, 1);
  const told = cause instanceof Error ? `${text}${CAUSE}${codeOf(cause) ?? errorName(cause)}.` : text;
  return told.length > LONGEST_ERROR ? `${told.slice(0, LONGEST_ERROR)}…` : told;
}

/** Such as `ERR_WORKER_OUT_OF_MEMORY`. */
function codeOf(error: Error): string | null {
  try {
    const { code } = error as { code?: unknown };
    return typeof code === 'string' && CODE.test(code) ? code : null;
  } catch {
    // An error of the application's own may do anything when it is looked at.
    return null;
  }
}
