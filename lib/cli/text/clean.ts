import { mapTexts } from '../redact.js';

/** Longer ones are cut: nobody names a pool so, and nobody reads it. */
const MOST = 2_000;

/**
 * Controls, and what reorders or hides text: escape sequences, line ends, bidirectional marks, halves of characters. The
 * joiner stays, since emoji are made of it.
 */
const UNSEEN = /(?!\u200d)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** A text from elsewhere as it may be shown on a terminal: one line, without anything that a terminal would obey. */
export function clean(text: string): string {
  const cut = text.length > MOST ? `${text.slice(0, MOST)}…` : text;
  return cut.replace(UNSEEN, '\ufffd');
}

/** The same for everything within an answer. */
export function cleaned<T>(value: T): T {
  return mapTexts(value, clean) as T;
}

/** JSON that means the same, without a character that a terminal would obey; `JSON.stringify` leaves some. */
export function safeJson(value: unknown, indent?: number): string {
  const escaped = (char: string) =>
    [...Array(char.length).keys()].map((unit) => `\\u${char.charCodeAt(unit).toString(16).padStart(4, '0')}`).join('');
  return JSON.stringify(value, null, indent).replace(UNSEEN, (char) => (char === '\n' ? char : escaped(char)));
}
