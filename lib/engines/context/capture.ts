import { ContextError } from '../../core/errors.js';
import type { NamedCarrier } from '../../core/named-carriers.js';

/** What carriers captured, by their names. */
export type CapturedContext = Readonly<Record<string, unknown>>;

/**
 * An engine's `capture`: asks each carrier; `undefined` where none has anything.
 * @throws ContextError for a carrier that throws, or returns a promise.
 */
export function captureFrom(pool: string, carriers: () => readonly NamedCarrier[]): () => CapturedContext | undefined {
  return () => {
    let captured: Record<string, unknown> | undefined;
    for (const named of carriers()) {
      const value = captureOne(pool, named);
      if (value !== undefined) (captured ??= {})[named.name] = value;
    }
    return captured;
  };
}

function captureOne(pool: string, { name, carrier }: NamedCarrier): unknown {
  let value: unknown;
  try {
    value = carrier.capture();
  } catch (cause) {
    const told = cause instanceof Error ? cause.message : String(cause);
    const message = `pool '${pool}': the carrier ${name} could not capture what surrounds the call: ${told}`;
    throw new ContextError(message, { pool, carrier: name, cause });
  }
  if (!(value instanceof Promise)) return value;
  // Nobody will hear of it.
  value.catch(() => undefined);
  throw new ContextError(
    `pool '${pool}': capture() of the carrier ${name} returned a promise; it must return what it captures at once, or undefined.`,
    { pool, carrier: name },
  );
}
