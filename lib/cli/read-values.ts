import { type OptionValues, UsageError } from './command.js';

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** A number, or `undefined` where the option was not given. */
export function readNumber(values: OptionValues, name: string): number | undefined {
  const text = values[name];
  if (text === undefined) return undefined;
  const value = typeof text === 'string' && text.trim() !== '' ? Number(text) : NaN;
  if (Number.isFinite(value)) return value;
  throw new UsageError(`--${name} is '${text}', but must be a number.`);
}

/** A duration in milliseconds: `50ms`, `2s`, `1.5m`, `1h`, or a bare number of milliseconds. */
export function readDurationMs(values: OptionValues, name: string): number | undefined {
  const text = values[name];
  if (text === undefined) return undefined;
  const match = /^(?<amount>\d+(\.\d+)?|\.\d+)(?<unit>ms|s|m|h)?$/.exec(String(text));
  if (match === null)
    throw new UsageError(`--${name} is '${text}', but must be a duration such as 50ms, 2s, 5m or 1h.`);
  const { amount, unit = 'ms' } = match.groups!;
  return Number(amount) * UNIT_MS[unit]!;
}

/** @throws UsageError where an option that cannot be done without was not given. */
export function required<T>(value: T | undefined, name: string, shown: string): T {
  if (value !== undefined) return value;
  throw new UsageError(`--${name} is missing: give --${name} ${shown}.`);
}
