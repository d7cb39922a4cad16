import type { Command, OptionSpec } from '../command.js';
import { NAMES_COMMAND, quoted } from './words.js';

/** For fish: a command substitution is not expanded again, so that names of pools stay names. */
export function fishScript(commands: readonly Command[]): string {
  return `# fish completion of dynamic-pool
complete -c dynamic-pool -f
complete -c dynamic-pool -n __fish_use_subcommand -l help -d 'help with commands'
complete -c dynamic-pool -n __fish_use_subcommand -l version -d 'the version of the tool'
${commands.map(commandLines).join('')}`;
}

function commandLines({ name, about, options, completes }: Command): string {
  const seen = `complete -c dynamic-pool -n '__fish_seen_subcommand_from ${name}'`;
  const lines = [
    `complete -c dynamic-pool -n __fish_use_subcommand -a ${name} -d ${told(about)}`,
    ...Object.entries(options).map(([option, spec]) => `${seen} ${optionArguments(option, spec)}`),
    `${seen} -l help -d 'help with examples'`,
    ...(completes === undefined ? [] : [`${seen} ${wordsOf(completes)}`]),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function optionArguments(option: string, { type, short, about, completes }: OptionSpec): string {
  const forms = `-l ${option}${short === undefined ? '' : ` -s ${short}`}`;
  const value =
    type === 'flag'
      ? ''
      : completes === 'file'
        ? ' -r -F'
        : ` -x${completes === undefined ? '' : ` ${wordsOf(completes)}`}`;
  return `${forms}${value} -d ${told(about)}`;
}

function wordsOf(by: readonly string[] | 'pool' | 'file'): string {
  return by === 'pool' ? `-a '(${NAMES_COMMAND})'` : `-a ${quoted(typeof by === 'string' ? by : by.join(' '))}`;
}

/** Within single quotes fish knows a backslash too. */
function told(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`;
}
