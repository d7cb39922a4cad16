import type { FailureGroup } from '../../core/contract/operation.js';
import { PoolError } from '../../core/errors.js';

/** More kinds of failures than this are counted together. */
const MOST_GROUPS = 100;
const OTHER = 'other';
/** A task or a class may have a name of any length. */
const LONGEST_NAME = 200;

interface Group {
  readonly task: string;
  readonly error: string;
  count: number;
  lastAt: number;
}

/** Failed calls by task and kind of error. Neither messages nor arguments are looked at. */
export class FailureLog {
  readonly #groups = new Map<string, Group>();

  /** `at` is milliseconds since the epoch. */
  add(task: string, thrown: unknown, at: number): void {
    const group = this.#groupOf(task.slice(0, LONGEST_NAME), errorName(thrown));
    group.count++;
    group.lastAt = at;
  }

  /** The most frequent first; of those, the latest. */
  groups(): readonly FailureGroup[] {
    return [...this.#groups.values()]
      .sort((a, b) => b.count - a.count || b.lastAt - a.lastAt)
      .map((group) => ({ ...group }));
  }

  #groupOf(task: string, error: string): Group {
    const key = JSON.stringify([task, error]);
    const known = this.#groups.get(key);
    if (known) return known;
    const isOther = task === OTHER && error === OTHER;
    // The last place is kept for all the others.
    if (!isOther && this.#groups.size >= MOST_GROUPS - 1) return this.#groupOf(OTHER, OTHER);
    const group = { task, error, count: 0, lastAt: 0 };
    this.#groups.set(key, group);
    return group;
  }
}

/** The code of a `PoolError`, else the name of the class; what is no error is told by its type. */
export function errorName(thrown: unknown): string {
  try {
    return nameOf(thrown).slice(0, LONGEST_NAME);
  } catch {
    // An error of the application's own may do anything when it is looked at.
    return 'Error';
  }
}

function nameOf(thrown: unknown): string {
  if (thrown instanceof PoolError) return thrown.code;
  if (!(thrown instanceof Error)) return thrown === null ? 'null' : typeof thrown;
  const { name } = thrown;
  const className: unknown = thrown.constructor?.name;
  // Many classes never set their name, and errors of other threads have only that.
  const isNamed = typeof name === 'string' && name !== '' && name !== 'Error';
  if (isNamed) return name;
  return typeof className === 'string' && className !== '' ? className : 'Error';
}
