import { parseArgs } from 'node:util';
import { suggest } from '../core/validate.js';
import { type Command, type OptionValues, UsageError } from './command.js';

export interface ParsedCommand {
  readonly values: OptionValues;
  readonly positionals: readonly string[];
}

/**
 * Reads the arguments of a command.
 * @throws UsageError for an unknown option, one that comes twice, a value too few or an argument too many.
 */
export function parseCommand(command: Command, args: readonly string[]): ParsedCommand {
  const known = Object.entries(command.options);
  const options = Object.fromEntries(
    known.map(([name, { type, short }]) => {
      return [name, { type: type === 'flag' ? ('boolean' as const) : ('string' as const), ...(short && { short }) }];
    }),
  );
  // Not strict: the messages of Node.js name no near match.
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true, allowPositionals: true });
  const values: Record<string, string | true> = {};
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, rawName, value } = token;
    const spec = Object.hasOwn(command.options, name) ? command.options[name] : undefined;
    if (spec === undefined) throw unknownOption(command, rawName, name);
    if (Object.hasOwn(values, name)) throw new UsageError(`${rawName} is given twice.`);
    if (spec.type === 'flag' && value !== undefined) throw new UsageError(`${rawName} takes no value.`);
    if (spec.type === 'value' && isMissing(value, token.inlineValue)) {
      throw new UsageError(`${rawName} needs a value: ${rawName} ${spec.shown}.`);
    }
    values[name] = value ?? true;
  }
  const most = command.arguments ?? 0;
  if (positionals.length > most) {
    throw new UsageError(`${command.name} does not take the argument '${positionals[most]}'.`);
  }
  return { values, positionals };
}

/** What looks like the next option is not taken for a value, unless it is a number or was tied on by `=`. */
function isMissing(value: string | undefined, isInline: boolean | undefined): boolean {
  return value === undefined || value === '' || (!isInline && /^-[^\d.]/.test(value));
}

function unknownOption(command: Command, rawName: string, name: string): UsageError {
  const names = Object.keys(command.options);
  const near = suggest(name, names).replace(/'(.*)'/, "'--$1'");
  const all = names.map((each) => `--${each}`).join(', ');
  return new UsageError(`${command.name} has no option '${rawName}'.${near} Options: ${all}.`);
}
