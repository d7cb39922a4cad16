import { requireObject } from '../../validate.js';
import { harmlessly } from '../unchecked.js';
import type { Signal } from '../contract.js';
import { buildSignal, type SignalContext } from './build-signal.js';
import { DEFAULT_SIGNALS } from './default-signals.js';
import { requireNewName } from './signal-names.js';
import type { SignalSpec } from './signal-spec.js';

/**
 * The signals of a policy by name: the default ones, and those of `specs`, which may replace a default one by its name.
 * Where one cannot be built, those that were built before it are closed.
 */
export function buildSignals(
  specs: Readonly<Record<string, SignalSpec>> = {},
  context: SignalContext = {},
  option = 'scaling.policy.signals',
): Readonly<Record<string, Signal>> {
  requireObject({ pool: context.pool, option }, specs);
  const signals: Record<string, Signal> = {};
  try {
    for (const [name, spec] of Object.entries({ ...DEFAULT_SIGNALS, ...specs })) {
      requireNewName({ pool: context.pool, option: `a name in ${option}` }, name);
      signals[name] = buildSignal(spec, context, `${option}.${name}`);
    }
  } catch (error) {
    for (const [name, signal] of Object.entries(signals)) {
      harmlessly(`closing the signal ${name}`, () => signal.close?.());
    }
    throw error;
  }
  return signals;
}
