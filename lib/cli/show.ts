import type { OptionValues, Output } from './command.js';
import { cleaned, safeJson } from './text/clean.js';

/**
 * Writes what a server told: as it is with `--json`, else in words, for which everything in it that a terminal would obey
 * is replaced.
 */
export function show<T>(answer: T, values: OptionValues, output: Output, inWords: (answer: T) => string): void {
  output.out(values.json === true ? `${safeJson(answer, 2)}\n` : inWords(cleaned(answer)));
}
