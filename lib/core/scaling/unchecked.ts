/** What parts and listeners of the user's own throw and return, which may be anything. */

/** More of a text tells people nothing, and a thousand decisions are kept. */
const LONGEST_TEXT = 1_000;

/** What was thrown, as an error whose message can be read. */
export function asError(thrown: unknown): Error {
  try {
    if (!(thrown instanceof Error)) return new Error(String(thrown), { cause: thrown });
    if (typeof thrown.message === 'string') return thrown;
  } catch {
    // Neither a text nor an error that tells one.
  }
  return new Error('something that cannot be shown');
}

/** Refuses a promise, whose rejection nobody would handle; `refusal` says what is wrong with it. */
export function synchronous<T>(value: T, refusal: string): T {
  if (!isPromise(value)) return value;
  value.then(undefined, () => undefined);
  throw new TypeError(refusal);
}

export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}

export function cut(text: unknown, longest = LONGEST_TEXT): string {
  if (typeof text !== 'string') return 'no reason was given';
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

/** Calls what must harm nobody: what it throws or rejects with is a process warning. */
export function harmlessly(what: string, call: () => unknown): void {
  const warn = (thrown: unknown) =>
    process.emitWarning(`${what} threw: ${cut(asError(thrown).message)}`, 'DynamicPoolWarning');
  try {
    const returned = call();
    if (isPromise(returned)) returned.then(undefined, warn);
  } catch (error) {
    warn(error);
  }
}
