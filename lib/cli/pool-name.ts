import { UsageError } from './command.js';

/** What stands where a pool's name would, in the paths of the API. */
const RESERVED = ['events', 'ui'];

/**
 * The argument that names a pool.
 * @throws UsageError where it is left out, or no pool can be called so.
 */
export function poolName([name]: readonly string[]): string {
  if (name === undefined) throw new UsageError('Which pool? dynamic-pool ls lists them.');
  // A path with such a part leads elsewhere.
  if (name === '' || name === '.' || name === '..' || RESERVED.includes(name)) {
    throw new UsageError(`No pool can be called '${name}'. dynamic-pool ls lists them.`);
  }
  return name;
}
