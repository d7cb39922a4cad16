import { type OptionValues, UsageError } from './command.js';

const AMOUNT = String.raw`\d+(?:\.\d+)?|\.\d+`;
const DURATION = new RegExp(`^(?:(${AMOUNT})h)?(?:(${AMOUNT})m(?!s))?(?:(${AMOUNT})s)?(?:(${AMOUNT})ms)?$`);
const UNIT_MS = [3_600_000, 60_000, 1_000, 1];

/** A number, or `undefined` where the option was not given. */
export function readNumber(values: OptionValues, name: string): number | undefined {
  const text = values[name];
  if (text === undefined) return undefined;
  const value = typeof text === 'string' && text.trim() !== '' ? Number(text) : NaN;
  if (Number.isFinite(value)) return value;
  throw new UsageError(`--${name} is '${text}', but must be a number.`);
}

/** A duration in milliseconds: `50ms`, `2s`, `1.5m`, `1h30m`, or a bare number of milliseconds. */
export function readDurationMs(values: OptionValues, name: string): number | undefined {
  const text = values[name];
  if (text === undefined) return undefined;
  const ms = durationMs(String(text)) ?? bareMs(String(text));
  if (ms !== undefined) return ms;
  throw new UsageError(`--${name} is '${text}', but must be a duration such as 50ms, 2s, 5m or 1h.`);
}

/** A duration above 0 that says its unit: for what people mean in minutes, where 10 would be taken for 10 ms. */
export function readSpanMs(values: OptionValues, name: string): number | undefined {
  const text = values[name];
  if (text === undefined) return undefined;
  const ms = durationMs(String(text));
  if (ms !== undefined && ms > 0) return ms;
  throw new UsageError(`--${name} is '${text}', but must be a duration with its unit, such as 30s, 10m or 1h30m.`);
}

/** A whole number within bounds. */
export function readWhole(values: OptionValues, name: string, from: number, to: number): number | undefined {
  const value = readNumber(values, name);
  if (value === undefined || (Number.isInteger(value) && value >= from && value <= to)) return value;
  const bounds = [from, to].map((bound) => bound.toLocaleString('en-US')).join(' to ');
  throw new UsageError(`--${name} is ${value}, but must be a whole number from ${bounds}.`);
}

/** @throws UsageError where an option that cannot be done without was not given. */
export function required<T>(value: T | undefined, name: string, shown: string): T {
  if (value !== undefined) return value;
  throw new UsageError(`--${name} is missing: give --${name} ${shown}.`);
}

function durationMs(text: string): number | undefined {
  const amounts = text === '' ? null : DURATION.exec(text);
  if (amounts === null) return undefined;
  return UNIT_MS.reduce((sum, unitMs, index) => sum + Number(amounts[index + 1] ?? 0) * unitMs, 0);
}

function bareMs(text: string): number | undefined {
  return new RegExp(`^(?:${AMOUNT})$`).test(text) ? Number(text) : undefined;
}
