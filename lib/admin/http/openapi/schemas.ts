import type {
  AdminRefusal,
  DryRunRequest,
  OverrideRequest,
  PoolView,
  QuarantineEntry,
  QuarantineReleaseRequest,
  QuarantineReleaseResult,
  QuarantineView,
} from '../../../core/contract/operation.js';

/** As much of JSON Schema as the descriptions use. */
export interface Schema {
  readonly [keyword: string]: unknown;
}

export const text: Schema = { type: 'string' };
export const number: Schema = { type: 'number' };
export const count: Schema = { type: 'integer', minimum: 0 };
export const time: Schema = { type: 'integer', description: 'Milliseconds since the epoch.' };
const flag: Schema = { type: 'boolean' };

export const listOf = (items: Schema): Schema => ({ type: 'array', items });
const either = (type: Schema): Schema => ({ ...type, nullable: true });

/** An object; all of its properties are always there but those of `optional`. */
export function objectOf(properties: Readonly<Record<string, Schema>>, optional: readonly string[] = []): Schema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, ...(required.length > 0 ? { required } : {}) };
}

export const policy: Schema = {
  description: 'A preset by name, or the parts of a policy: preset, signals, decider, guards, forecast.',
  oneOf: [{ type: 'string', enum: ['balanced', 'thrifty', 'latency', 'course', 'adaptive'] }, { type: 'object' }],
};

export const autoscaler = either(
  objectOf({
    state: { type: 'string', enum: ['running', 'retrying', 'frozen', 'stopped'] },
    faults: count,
    lastFault: either(text),
    lastTickAt: either(time),
    isFlapping: flag,
  }),
);

const healthOf = {
  pool: text,
  status: { type: 'string', enum: ['up', 'degraded', 'down'] },
  reasons: listOf(text),
};

export const healthView = objectOf({ ...healthOf, at: time, autoscaler });

const durations = { mean: number, p50: number, p99: number, max: number };

export const poolView = objectOf({
  name: text,
  kind: { type: 'string', enum: ['threads', 'async'] },
  state: { type: 'string', enum: ['open', 'paused', 'draining', 'closed'] },
  min: count,
  max: count,
  target: count,
  size: count,
  starting: count,
  live: count,
  busy: count,
  idle: count,
  draining: count,
  spares: count,
  queueDepth: count,
  queueCapacity: count,
  queuedForMs: number,
  noneEndedForMs: number,
  concurrency: count,
  utilization: { type: 'number', minimum: 0, maximum: 1 },
  override: either(objectOf({ size: count, owner: text, reason: text, until: either(time) })),
  counters: { type: 'object', additionalProperties: true },
  wait: objectOf({ ...durations, oldest: number }),
  service: objectOf(durations),
  load: { type: 'object', additionalProperties: true },
  tasks: { type: 'object', additionalProperties: { type: 'object' } },
  workers: listOf({ type: 'object' }),
  at: time,
  policy: { ...policy, nullable: true },
  objectiveMs: either(number),
  autoscaler,
  health: objectOf(healthOf),
} satisfies Record<keyof PoolView, Schema>);

export const decision = objectOf({
  seq: count,
  at: time,
  pool: text,
  from: count,
  proposed: number,
  to: count,
  heldBy: either(text),
  reason: text,
  signals: { type: 'object', additionalProperties: number },
  repeated: count,
  lastAt: time,
});

const columns = ['size', 'target', 'busy', 'queueDepth', 'arrivals', 'ended', 'waitP50Ms', 'waitP99Ms', 'oldestMs'];
export const history = objectOf({
  pool: text,
  everyMs: number,
  at: listOf(time),
  ...Object.fromEntries(columns.map((name) => [name, listOf(number)])),
});

export const failure = objectOf({ task: text, error: text, count, lastAt: time });

const quarantined = objectOf({
  id: count,
  task: text,
  crashes: count,
  since: time,
  error: text,
} satisfies Record<keyof QuarantineEntry, Schema>);

export const quarantine = objectOf({
  pool: text,
  at: time,
  total: count,
  entries: listOf(quarantined),
} satisfies Record<keyof QuarantineView, Schema>);

export const quarantineRelease = objectOf({
  pool: text,
  at: time,
  count,
  released: listOf(quarantined),
  left: count,
} satisfies Record<keyof QuarantineReleaseResult, Schema>);

const who = {
  reason: { type: 'string', minLength: 1, maxLength: 200 },
  owner: { type: 'string', minLength: 1, maxLength: 200, description: 'The option owner of the module wins.' },
} as const;

export const whoBody = objectOf(who, ['reason', 'owner']);

export const releaseBody = objectOf(
  {
    id: { type: 'integer', minimum: 1, description: 'Default: all.' },
    ...who,
  } satisfies Record<keyof QuarantineReleaseRequest, Schema>,
  ['id', 'reason', 'owner'],
);

export const overrideBody = objectOf(
  {
    size: { type: 'integer', minimum: 1, description: "Within the pool's min and max." },
    forMs: { type: 'integer', minimum: 1, maximum: 2 ** 31 - 1, description: 'Default: until it is released.' },
    ...who,
  } satisfies Record<keyof OverrideRequest, Schema>,
  ['forMs', 'reason', 'owner'],
);

export const policyBody: Schema = { oneOf: [objectOf({ policy, ...who }, ['reason', 'owner']), { type: 'object' }] };

export const dryRunBody = objectOf(
  { policy, minutes: { type: 'number', minimum: 1, maximum: 15, default: 5 } } satisfies Record<
    keyof DryRunRequest,
    Schema
  >,
  ['minutes'],
);

const outcome = objectOf({
  policy: { ...policy, nullable: true },
  lateShare: number,
  workerSeconds: number,
  resizes: count,
  series: objectOf({ at: listOf(time), size: listOf(count) }),
});

export const dryRun = objectOf({
  pool: text,
  from: time,
  to: time,
  tasks: count,
  objectiveMs: number,
  present: outcome,
  proposed: outcome,
});

export const refusal = objectOf(
  {
    statusCode: count,
    error: text,
    message: text,
    allowed: objectOf({ min: count, max: count }),
    pools: listOf(text),
  } satisfies Record<keyof AdminRefusal, Schema>,
  ['allowed', 'pools'],
);
