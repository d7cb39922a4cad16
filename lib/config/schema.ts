import { DECIDERS } from './schema/deciders.js';
import { FORECASTS } from './schema/forecasts.js';
import { GUARDS } from './schema/guards.js';
import { POLICY, POOL } from './schema/pool.js';
import { SIGNAL } from './schema/signals.js';
import { family, object, type JsonSchema } from './schema/words.js';

/** What a file may say of the budget. */
const BUDGET = object('Workers that the thread pools share; for applications that have a budget in code.', {
  workers: {
    description: 'How many, or as many as there are usable cores.',
    anyOf: [
      { type: 'integer', minimum: 1, maximum: 65_536 },
      { type: 'string', const: 'usable-cores' },
    ],
  },
  sharing: {
    description: 'Who gets what of them.',
    type: 'string',
    enum: ['first-come', 'priority', 'marginal-benefit'],
    default: 'first-come',
  },
  priorities: {
    description: 'Under priority: a number for each pool, no two the same; the highest goes first.',
    type: 'object',
    additionalProperties: { type: 'number' },
  },
});

/**
 * The JSON schema (draft 7) of the file that `configFile` names; published as `nestjs-dynamic-pool/config.schema.json`, so
 * that editors complete it. The one place where its shape stands.
 */
export const CONFIG_SCHEMA: JsonSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Live configuration of nestjs-dynamic-pool',
  ...object('Options of pools that change while they run. Everything else stands in code.', {
    pools: {
      description: 'By name. The pools are made in code; a file creates none.',
      type: ['object', 'null'],
      additionalProperties: POOL,
    },
    budget: BUDGET,
  }),
  definitions: {
    policy: POLICY,
    signal: SIGNAL,
    decider: family('Proposes a size.', DECIDERS),
    guard: family('Holds or trims what is proposed.', GUARDS),
    forecast: family('The target is the higher of it and of what the decider proposes.', FORECASTS),
  },
};

/** The options of a pool that stand in code only. */
export const COLD_OPTIONS: readonly string[] = [
  'name',
  'kind',
  'tasks',
  'inlineBelowUs',
  'worker',
  'quarantine',
  'stats',
  'entry',
  'workerModule',
  'roots',
  'size.initial',
  'queue.overflow',
  'queue.waitMs',
  'queue.order',
  'queue.weights',
];
