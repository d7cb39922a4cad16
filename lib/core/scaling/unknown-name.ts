import { PoolConfigError } from '../errors.js';
import { show, suggest, type Place } from '../validate.js';

/** The error for a name that nothing has, with the nearest that something has. `what` is in the singular, as in `signal`. */
export function unknownName(
  { pool, option }: Place,
  name: unknown,
  what: string,
  known: readonly string[],
): PoolConfigError {
  const near = typeof name === 'string' ? suggest(name, known) : '';
  const prefix = pool === undefined ? '' : `pool '${pool}': `;
  return new PoolConfigError(
    `${prefix}${option} is ${show(name)}, but no ${what} has that name.${near} There are: ${known.join(', ')}.`,
    { pool, option },
  );
}
