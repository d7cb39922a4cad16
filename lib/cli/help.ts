import type { Command, OptionSpec } from './command.js';

/** The help of the whole tool. */
export function toolHelp(commands: readonly Command[]): string {
  const rows = commands.map(({ name, about }) => [name, about] as const);
  return `${[
    'Usage: dynamic-pool COMMAND [options]',
    '',
    ...columns(rows),
    '',
    "Examples and options of a command: dynamic-pool COMMAND --help. The tool's version: dynamic-pool --version.",
    'Environment: DYNAMIC_POOL_URL (where the admin API is), DYNAMIC_POOL_TOKEN (the bearer token), NO_COLOR.',
    'Exit codes: 0 done, 1 failed, 2 wrong usage, 3 refused, 4 unreachable.',
  ].join('\n')}\n`;
}

/** The help of one command, which is called by `program`. */
export function commandHelp(command: Command, program: string): string {
  const rows = Object.entries(command.options).map(([name, spec]) => [optionForm(name, spec), spec.about] as const);
  return `${[
    `Usage: ${program} ${command.usage}`,
    '',
    command.about,
    ...(rows.length === 0 ? [] : ['', ...columns(rows)]),
    '',
    'Examples:',
    ...command.examples.map((example) => `  ${example}`),
  ].join('\n')}\n`;
}

/** `-f, --follow`, `--pool P`. */
export function optionForm(name: string, { short, shown }: OptionSpec): string {
  return `${short === undefined ? '' : `-${short}, `}--${name}${shown === undefined ? '' : ` ${shown}`}`;
}

function columns(rows: ReadonlyArray<readonly [string, string]>): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
