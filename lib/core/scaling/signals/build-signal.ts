import { refusal, rejectUnknownKeys, requireObject, type Place } from '../../validate.js';
import type { Signal } from '../contract.js';
import { sharedSampler, type ProcessSampler } from '../process/process-sampler.js';
import { unknownName } from '../unknown-name.js';
import { DEFAULT_SIGNALS, type DefaultSignalName } from './default-signals.js';
import { functionSignal, type SignalFunction } from './function-signal.js';
import { shareSignal } from './shared-signal.js';
import { requireSignalName } from './signal-names.js';
import type { SignalSpec } from './signal-spec.js';
import { SIGNAL_TYPES, type SignalType } from './signal-types.js';

/** What signals are built with. */
export interface SignalContext {
  /** For messages. */
  readonly pool?: string | undefined;
  /** Types from outside the core, such as `prometheus`. */
  readonly types?: Readonly<Record<string, SignalType>> | undefined;
  /** Signals of one's own, by the names that they were registered under. */
  readonly registered?: Readonly<Record<string, Signal>> | undefined;
  /** Default: the one that all pools of this process share. */
  readonly sampler?: ProcessSampler | undefined;
  /** Usable cores, where the machine does not tell them right. */
  readonly cores?: number | undefined;
}

/**
 * Builds a signal. `option` is where the spec stands, as in `scaling.policy.signals.load`. Anything that is not a spec is
 * a `PoolConfigError`, with the nearest type or name there is. Close it when it is no longer read.
 */
export function buildSignal(spec: SignalSpec, context: SignalContext = {}, option = 'signal'): Signal {
  const place = { pool: context.pool, option };
  if (typeof spec === 'string') return buildNamed(spec, context, place);
  if (typeof spec === 'function') return functionSignal(spec as SignalFunction);
  if (typeof spec !== 'object' || spec === null)
    throw refusal(place, spec, 'a signal: an object with a type, or a name');
  const fields = requireObject(place, spec);
  if (typeof fields.read === 'function') return shareSignal(spec as Signal);
  const type = requireType(fields.type, context, place);
  rejectUnknownKeys(option, fields, ['type', ...type.fields], context.pool);
  return type.build({
    fields,
    place: (field) => ({ pool: context.pool, option: `${option}.${field}` }),
    sampler: context.sampler ?? sharedSampler,
    cores: context.cores,
    inner: (field) => buildSignal(fields[field] as SignalSpec, context, `${option}.${field}`),
  });
}

function buildNamed(name: string, context: SignalContext, place: Place): Signal {
  const registered = context.registered ?? {};
  if (Object.hasOwn(registered, name)) return shareSignal(registered[name]!);
  requireSignalName(place, name, [...Object.keys(registered), ...Object.keys(DEFAULT_SIGNALS)]);
  return buildSignal(DEFAULT_SIGNALS[name as DefaultSignalName], context, place.option);
}

function requireType(type: unknown, context: SignalContext, { pool, option }: Place): SignalType {
  const types = { ...SIGNAL_TYPES, ...context.types };
  if (typeof type === 'string' && Object.hasOwn(types, type)) return types[type]!;
  const place = { pool, option: `${option}.type` };
  if (type === 'prometheus')
    throw refusal(place, type, 'one of the types that this program brings; see prometheusType');
  throw unknownName(place, type, 'type of signal', Object.keys(types));
}
