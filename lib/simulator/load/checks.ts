import { PoolConfigError } from '../../core/errors.js';
import { refusal } from '../../core/validate.js';

/** Arrivals per second: finite, 0 or more. */
export function requireRate(option: string, value: unknown): number {
  return requireNumber(option, value, 0, Infinity, 'a finite number of arrivals per second, 0 or more');
}

/** A length of time that may be nothing: milliseconds, finite, 0 or more. */
export function requireSpanMs(option: string, value: unknown): number {
  return requireNumber(option, value, 0, Infinity, 'a finite number of milliseconds, 0 or more');
}

/** From 0 to 1, both included. */
export function requireShare(option: string, value: unknown): number {
  return requireNumber(option, value, 0, 1, 'a number from 0 to 1');
}

export function requireNotNegative(option: string, value: unknown): number {
  return requireNumber(option, value, 0, Infinity, 'a finite number, 0 or more');
}

export function requirePositive(option: string, value: unknown): number {
  return requireNumber(option, value, Number.MIN_VALUE, Infinity, 'a finite number above 0');
}

/** Refuses what would have a span end before it begins. */
export function requireOrder(option: string, fromMs: number, toMs: number): void {
  if (fromMs <= toMs) return;
  throw new PoolConfigError(`${option}.toMs is ${toMs}, but must not be before ${option}.fromMs, ${fromMs}.`);
}

function requireNumber(option: string, value: unknown, from: number, to: number, allowed: string): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= from && value <= to) return value;
  throw refusal({ option }, value, allowed);
}
