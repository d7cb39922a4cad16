import { cronTimes } from '../adapters/cron.js';
import { prometheusType } from '../adapters/prometheus-signal.js';
import type { ScalingKit } from '../core/scaling/autoscaler.js';

/** What policies may name that is not of the core: cron expressions, and queries of a Prometheus server. */
export const scalingKit: ScalingKit = { cron: cronTimes, types: { prometheus: prometheusType } };
