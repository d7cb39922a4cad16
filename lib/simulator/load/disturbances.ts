import { rejectUnknownKeys, requireDuration } from '../../core/validate.js';
import { requireOrder, requirePositive, requireShare, requireSpanMs } from './checks.js';
import { changed, type LoadShape } from './load-shape.js';
import { constant, type ConstantOptions } from './ramps.js';

/** When something is the matter. */
export interface Span {
  /** Milliseconds from the start of the load. Default 20,000. */
  readonly fromMs?: number;
  /** Default 40,000. */
  readonly toMs?: number;
  /** Repeats the span after so many milliseconds, until the load ends. Default: it comes once. */
  readonly everyMs?: number;
}

export interface SlowOptions extends Span {
  /** By how much service times grow. Default 10. */
  readonly factor?: number;
}

export interface ErrorOptions extends Span {
  /** Share of tasks that fail, 0 to 1. Default 0.05. */
  readonly share?: number;
}

const SPAN_KEYS = ['fromMs', 'toMs', 'everyMs'];
const CONSTANT_KEYS = ['perSecond', 'durationMs'];

/** The load with tasks that take `factor` times as long within a span, by their arrival. Two such spans multiply. */
export function withSlowDownstream(shape: LoadShape, options: SlowOptions = {}): LoadShape {
  rejectUnknownKeys('slowDownstream', options, [...SPAN_KEYS, 'factor']);
  const factor = requirePositive('slowDownstream.factor', options.factor ?? 10);
  const within = spanTest('slowDownstream', options);
  const before = (ms: number) => shape.serviceFactorAt?.(ms) ?? 1;
  return changed(shape, { serviceFactorAt: (ms) => before(ms) * (within(ms) ? factor : 1) });
}

/** The load with tasks that fail, by chance, within a span. Where two such spans meet, either may strike. */
export function withErrors(shape: LoadShape, options: ErrorOptions = {}): LoadShape {
  rejectUnknownKeys('errorInjection', options, [...SPAN_KEYS, 'share']);
  const share = requireShare('errorInjection.share', options.share ?? 0.05);
  const within = spanTest('errorInjection', options);
  const before = (ms: number) => shape.failureShareAt?.(ms) ?? 0;
  return changed(shape, { failureShareAt: (ms) => 1 - (1 - before(ms)) * (within(ms) ? 1 - share : 1) });
}

/** An even load whose tasks take ten times as long for a while. S4 Q22. */
export function slowDownstream(options: ConstantOptions & SlowOptions = {}): LoadShape {
  const { perSecond, durationMs, ...slow } = options;
  rejectUnknownKeys('slowDownstream', options, [...CONSTANT_KEYS, ...SPAN_KEYS, 'factor']);
  return changed(withSlowDownstream(constant({ perSecond, durationMs }), slow), { name: 'slow-downstream' });
}

/** An even load of which some tasks fail for a while. S4 Q22. */
export function errorInjection(options: ConstantOptions & ErrorOptions = {}): LoadShape {
  const { perSecond, durationMs, ...errors } = options;
  rejectUnknownKeys('errorInjection', options, [...CONSTANT_KEYS, ...SPAN_KEYS, 'share']);
  return changed(withErrors(constant({ perSecond, durationMs }), errors), { name: 'error-injection' });
}

function spanTest(option: string, { fromMs = 20_000, toMs = 40_000, everyMs }: Span): (ms: number) => boolean {
  requireSpanMs(`${option}.fromMs`, fromMs);
  requireSpanMs(`${option}.toMs`, toMs);
  requireOrder(option, fromMs, toMs);
  if (everyMs === undefined) return (ms) => ms >= fromMs && ms < toMs;
  requireDuration({ option: `${option}.everyMs` }, everyMs);
  return (ms) => ms >= fromMs && (ms - fromMs) % everyMs < toMs - fromMs;
}
