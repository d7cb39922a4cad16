import { refused } from './refused.js';

/** Most characters of an owner or a reason. */
const LONGEST_TEXT = 200;

/** Control characters, halves of characters, separators of lines, marks that turn the direction of text. */
const UNFIT = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/**
 * An owner or a reason, as it will stand in snapshots, logs and on the page; `undefined` where none was given.
 * @throws Refused 422
 */
export function requireText(option: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && value.trim() !== '' && value.length <= LONGEST_TEXT && !UNFIT.test(value))
    return value;
  throw refused(
    422,
    `${option} must be a text of 1 to ${LONGEST_TEXT} characters on one line, without control characters.`,
  );
}

/** The same of a text that the application itself gives: made fit, not refused. */
export function cleanText(value: unknown): string {
  const text = String(value).slice(0, LONGEST_TEXT);
  return text.replace(new RegExp(UNFIT, 'gu'), '\ufffd');
}
