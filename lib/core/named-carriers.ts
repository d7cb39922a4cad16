import type { ContextCarrier } from './contract/context-carrier.js';
import { PoolConfigError } from './errors.js';
import { refusal, type Place } from './validate.js';

/** A carrier, and what main and the workers call it. */
export interface NamedCarrier {
  readonly name: string;
  readonly carrier: ContextCarrier;
}

/**
 * Checks carriers and finds out their names.
 * @throws PoolConfigError for what is no carrier, has no name, or has the name of another.
 */
export function nameCarriers(place: Place, carriers: readonly unknown[]): readonly NamedCarrier[] {
  const named = new Map<string, NamedCarrier>();
  for (const [index, carrier] of carriers.entries()) {
    const at = { ...place, option: carriers.length === 1 ? place.option : `${place.option}[${index}]` };
    if (!isCarrier(carrier)) throw refusal(at, carrier, 'a carrier: an object with the methods capture() and run()');
    const name = carrierName(carrier);
    if (name === null) {
      throw refusal(at, carrier, 'an instance of a class that has a name, or have a name of its own (name: ...)');
    }
    if (named.has(name)) throw sameName(at, name);
    named.set(name, { name, carrier });
  }
  return [...named.values()];
}

export function isCarrier(value: unknown): value is ContextCarrier {
  if (typeof value !== 'object' || value === null) return false;
  const { capture, run } = value as Record<string, unknown>;
  return typeof capture === 'function' && typeof run === 'function';
}

/** Its class's name; of an object without a class of its own, what it calls itself. */
export function carrierName(carrier: ContextCarrier): string | null {
  const prototype = Object.getPrototypeOf(carrier) as { constructor?: unknown } | null;
  const { constructor: cls } = prototype ?? {};
  const name: unknown = typeof cls === 'function' && cls !== Object ? cls.name : carrier.name;
  return typeof name === 'string' && name !== '' ? name : null;
}

function sameName({ pool, option }: Place, name: string): PoolConfigError {
  const prefix = pool === undefined ? '' : `pool '${pool}': `;
  return new PoolConfigError(
    `${prefix}${option} is called ${name}, as another carrier is. Give one of them another name, by that of its class.`,
    { pool, option },
  );
}
