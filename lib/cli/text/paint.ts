import type { Surroundings } from '../surroundings.js';

/** Colours by what they mean. */
export type Tone = 'good' | 'warn' | 'bad' | 'faint' | 'strong' | 'chosen';

/** Colours a text, or leaves it as it is. */
export type Paint = (tone: Tone | undefined, text: string) => string;

const CODES: Readonly<Record<Tone, number>> = { good: 32, warn: 33, bad: 31, faint: 2, strong: 1, chosen: 7 };

export const plain: Paint = (_, text) => text;

export const coloured: Paint = (tone, text) => (tone === undefined ? text : `\u001b[${CODES[tone]}m${text}\u001b[0m`);

/** Colours on a terminal only, and not where NO_COLOR is set to anything (no-color.org). */
export function paintFor({ env, terminal }: Surroundings): Paint {
  return terminal.isTTY && !env['NO_COLOR'] ? coloured : plain;
}
