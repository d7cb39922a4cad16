import type { Command } from '../command.js';

/** Asks the application for the names of its pools: quickly, and without a word where it cannot. */
export const NAMES_COMMAND = 'dynamic-pool ls --names --timeout 2s 2>/dev/null';

/** What can stand behind the name of a command. */
export function optionWords(command: Command): string[] {
  const own = Object.entries(command.options).flatMap(([name, { short }]) => [
    ...(short === undefined ? [] : [`-${short}`]),
    `--${name}`,
  ]);
  return [...own, '--help'];
}

/** A text within single quotes of a shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
