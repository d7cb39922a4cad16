/** What a key means to `top`. */
export type Key = 'up' | 'down' | 'first' | 'last' | 'enter' | 'back' | 'quit';

const MEANINGS: Readonly<Record<string, Key>> = {
  '\u001b[A': 'up',
  '\u001bOA': 'up',
  k: 'up',
  '\u001b[B': 'down',
  '\u001bOB': 'down',
  j: 'down',
  '\u001b[H': 'first',
  '\u001bOH': 'first',
  g: 'first',
  '\u001b[F': 'last',
  '\u001bOF': 'last',
  G: 'last',
  '\r': 'enter',
  '\n': 'enter',
  '\u001b': 'back',
  '\u007f': 'back',
  q: 'quit',
  Q: 'quit',
  '\u0003': 'quit',
  '\u0004': 'quit',
};

/** One key as a terminal sends it: a sequence (ECMA-48), or a character. */
// oxlint-disable-next-line no-control-regex
const ONE = /\u001b\[[0-?]*[ -/]*[@-~]|\u001bO[A-Z]|[^]/g;

/** The keys in what a terminal has sent at once; those that mean nothing are left out. */
export function keysIn(bytes: string): Key[] {
  return (bytes.match(ONE) ?? []).flatMap((each) => (Object.hasOwn(MEANINGS, each) ? [MEANINGS[each]!] : []));
}
