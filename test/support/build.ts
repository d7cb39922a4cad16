import type { Decider, Forecast, Guard } from '../../lib/core/scaling/contract.js';
import { buildDecider } from '../../lib/core/scaling/deciders/build-decider.js';
import { buildForecast } from '../../lib/core/scaling/forecasts/build-forecast.js';
import { buildGuard } from '../../lib/core/scaling/guards/build-guard.js';
import type { PolicyContext } from '../../lib/core/scaling/policy-context.js';

/** Parts of the pool `images`; specs are `unknown`, as they are when they come from YAML. */
export const decider = (spec: unknown, context?: PolicyContext): Decider =>
  buildDecider(spec, { pool: 'images', option: 'decider' }, context);

export const guard = (spec: unknown, context?: PolicyContext): Guard =>
  buildGuard(spec, { pool: 'images', option: 'guard' }, context);

export const forecast = (spec: unknown, context?: PolicyContext): Forecast =>
  buildForecast(spec, { pool: 'images', option: 'forecast' }, context);
