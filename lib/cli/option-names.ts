import { PoolConfigError } from '../core/errors.js';
import { UsageError } from './command.js';

/** Options of a function of the library, and how a command line calls them; the longer names first. */
export type OptionNames = ReadonlyArray<readonly [option: string, called: string]>;

/** Runs what checks its options, and has its complaints speak of the command line's. */
export async function inOptionNames<T>(names: OptionNames, checked: () => T | Promise<T>): Promise<T> {
  try {
    return await checked();
  } catch (error) {
    if (!(error instanceof PoolConfigError)) throw error;
    throw new UsageError(names.reduce((text, [option, called]) => replaced(text, option, called), error.message));
  }
}

/** Only whole names, so that nothing that is already called by its name here is touched. */
function replaced(text: string, option: string, called: string): string {
  const name = option.replaceAll('.', '\\.');
  return text.replace(new RegExp(`(?<![\\w.-])${name}(?![\\w-])`, 'g'), called);
}
