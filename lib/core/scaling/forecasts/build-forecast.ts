import type { Place } from '../../validate.js';
import { buildPart, type Family } from '../build-part.js';
import type { Forecast } from '../contract.js';
import type { PolicyContext } from '../policy-context.js';
import { holtWinters, type HoltWintersSpec } from './holt-winters.js';
import { linear, type LinearSpec } from './linear.js';
import { schedule, type ScheduleSpec } from './schedule.js';

/** A forecast by its type, or one of the user's own. */
export type ForecastSpec = ScheduleSpec | LinearSpec | HoltWintersSpec | Forecast;

const FORECASTS: Family<Forecast> = {
  what: 'forecast',
  method: 'predict',
  types: { schedule, linear, 'holt-winters': holtWinters },
};

/**
 * Builds a forecast; a part with a `predict` method of its own is taken as it is. Forecasts keep state: each pool needs its own.
 * @throws PoolConfigError that names the pool, the option, the value and what is allowed.
 */
export function buildForecast(spec: unknown, place: Place, context: PolicyContext = {}): Forecast {
  return buildPart(FORECASTS, spec, place, context);
}
