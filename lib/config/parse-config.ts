import { Ajv } from 'ajv';
import { PoolConfigError } from '../core/errors.js';
import { suggest } from '../core/validate.js';
import { ConfigProblem } from './config-problem.js';
import { ConfigDocument } from './document.js';
import { explain } from './explain-error.js';
import type { FileOptions } from './file-options.js';
import { optionPath } from './option-path.js';
import { CONFIG_SCHEMA } from './schema.js';

const ajv = new Ajv({ discriminator: true, verbose: true, allowUnionTypes: true });
const isValid = ajv.compile<FileOptions>(CONFIG_SCHEMA);

/** A document that fits the schema; what else may be wrong with it shows when it is applied. */
export interface ParsedConfig {
  readonly options: FileOptions;
  /** The problem that the core has with these options, in its place. */
  locate(error: unknown): ConfigProblem;
}

/**
 * Reads the text of a configuration file.
 * @throws ConfigProblem for what is no YAML, does not fit the schema, or names pools that there are not.
 */
export function parseConfig(text: string, pools: readonly string[]): ParsedConfig {
  const document = new ConfigDocument(text);
  const { value } = document;
  if (value === null || value === undefined) {
    throw document.problem('the file is empty. To leave all options as they are in code, write `pools: {}`.', []);
  }
  if (!fits(document, value)) {
    const { message, path, at } = explain(isValid.errors!);
    throw document.problem(message, path, at);
  }
  for (const name of Object.keys(value.pools ?? {})) {
    if (pools.includes(name)) continue;
    const message = `there is no pool '${name}', and a file creates none.${suggest(name, pools)} Pools of this application: ${pools.join(', ') || 'none'}.`;
    throw document.problem(message, ['pools', name], 'key');
  }
  return { options: value, locate: (error) => located(document, value, error) };
}

/** An alias within what it stands for has no end. */
function fits(document: ConfigDocument, value: unknown): value is FileOptions {
  try {
    return isValid(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw document.problem('this is nested without end: an alias stands within its own anchor. Write it out.', []);
  }
}

function located(document: ConfigDocument, value: FileOptions, error: unknown): ConfigProblem {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof PoolConfigError)) return document.problem(message, []);
  const option = error.option ?? /^(?:pool '.*?': )?([\w.[\]-]+) (?:is|has) /.exec(message)?.[1] ?? '';
  const { pool } = error;
  const isOfBudget = option.startsWith('budget') || /\bbudget\b/.test(message);
  const top = pool !== undefined && Object.hasOwn(value.pools ?? {}, pool) ? ['pools', pool] : [];
  const within = top.length > 0 ? value.pools![pool!] : value;
  const path = [...top, ...optionPath(within, option)];
  // Floors that do not fit are a matter of the budget as much as of a pool.
  return document.problem(message, path.length === 0 && isOfBudget && value.budget ? ['budget'] : path);
}
