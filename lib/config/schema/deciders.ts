import { durationMs, number, object, part, reference, share, signal, text, workers, type JsonSchema } from './words.js';

const above0 = { exclusiveMinimum: 0 };
const STEP = {
  stepUp: workers('Workers to add.', 1),
  stepDown: workers('Workers to take away.', 1),
};
const THRESHOLDS = {
  signal: signal('Name of the signal.'),
  up: number('Above this it grows.'),
  down: number('Below this it shrinks; below `up`.'),
};
const LOAD_SIGNALS = {
  arrivalRate: signal('Signal in tasks per second.', 'arrivalRate'),
  serviceMean: signal('Signal in milliseconds.', 'serviceMean'),
  serviceScv: signal('Squared coefficient of variation of the service times.', 'serviceScv'),
};

const BOUNDS = object('Bounds of one signal, all of which must hold.', {
  above: number('Above this.'),
  atLeast: number('This or more.'),
  below: number('Below this.'),
  atMost: number('This or less.'),
  is: {
    description: 'Exactly this number, or the state of a circuit breaker.',
    anyOf: [{ type: 'number' }, { type: 'string', enum: ['closed', 'half-open', 'open'] }],
  },
});
const BOUNDS_BY_SIGNAL = {
  description: 'Bounds by the name of the signal.',
  type: 'object',
  minProperties: 1,
  additionalProperties: BOUNDS,
};

const RULE = object(
  'One rule.',
  {
    name: text('For decisions and messages. Default: rule 1 and so on.'),
    priority: number('The higher goes first. All rules have one, or none: then the order counts.'),
    when: {
      description:
        'Bounds of signals, all of which must hold; in a list of them, any. Left out: always (the last rule only).',
      anyOf: [BOUNDS_BY_SIGNAL, { type: 'array', minItems: 1, items: BOUNDS_BY_SIGNAL }],
    },
    do: {
      description: "Workers to add or to take away, the size to have, or 'hold'.",
      anyOf: [
        { type: 'string', const: 'hold' },
        object('Grow.', { grow: workers('Workers to add.') }, ['grow']),
        object('Shrink.', { shrink: workers('Workers to take away.') }, ['shrink']),
        object('A size.', { size: workers('Workers to have.') }, ['size']),
      ],
    },
  },
  ['do'],
);

/** Every type of decider. */
export const DECIDERS: readonly JsonSchema[] = [
  part('balanced', 'The least size that keeps the objective, by queueing theory; the decider of most presets.', {
    objectiveMs: durationMs("For the wait, milliseconds. Default: the policy's."),
    spareSeconds: number('Worker-seconds that spare workers cost before they are let go.', above0, 75),
    miss: share('Share of tasks that may be late.', 0.004),
    memoryMs: durationMs(
      'Longest look back before workers are let go. Default 120,000, or as long as one spare is kept.',
    ),
  }),
  part('threshold', 'Steps above one threshold and below another.', { ...THRESHOLDS, ...STEP }, [
    'signal',
    'up',
    'down',
  ]),
  part('wait-time', 'Steps by how long tasks wait.', {
    upMs: number("Above this p99 it grows, milliseconds. Default: the policy's objective.", above0),
    downMs: number('Below this mean it shrinks, milliseconds. Default: a 25th of upMs.', above0),
    ...STEP,
    p99: signal('Signal in milliseconds.', 'waitP99'),
    mean: signal('Signal in milliseconds.', 'waitMean'),
  }),
  part(
    'step',
    'A table of steps.',
    {
      signal: signal('Name of the signal.'),
      steps: {
        description: 'Workers to add above a value, or to take away below one.',
        type: 'array',
        minItems: 1,
        items: {
          anyOf: [
            object('Grow.', { above: number('Above this.'), grow: workers('Workers to add.') }, ['above', 'grow']),
            object('Shrink.', { below: number('Below this.'), shrink: workers('Workers to take away.') }, [
              'below',
              'shrink',
            ]),
          ],
        },
      },
    },
    ['signal', 'steps'],
  ),
  part(
    'aimd',
    'Additive increase, multiplicative decrease.',
    { ...THRESHOLDS, increase: workers('Workers to add.', 1), decrease: share('Share to take away.', 0.25) },
    ['signal', 'up', 'down'],
  ),
  part(
    'pid',
    'A PID controller.',
    {
      signal: signal('One that rises when workers are short.'),
      setpoint: number('Where the signal shall be.'),
      kp: number('Workers per unit of the signal.', { minimum: 0 }, 10),
      ki: number('Workers per unit and second.', { minimum: 0 }, 0.5),
      kd: number('Workers per unit a second.', { minimum: 0 }, 1),
      integralLimit: number('The most workers that the integral adds or takes away.', above0, 2),
      derivativeMs: durationMs("Time constant of the derivative's low-pass.", 2_000),
    },
    ['signal', 'setpoint'],
  ),
  part('target-tracking', 'Keeps the utilization near a target.', {
    utilization: share('Share of the workers that shall be busy.', 0.7),
    tolerance: number('Share by which the size may be off.', { minimum: 0, exclusiveMaximum: 1 }, 0.1),
    arrivalRate: LOAD_SIGNALS.arrivalRate,
    serviceMean: LOAD_SIGNALS.serviceMean,
  }),
  part('queueing', 'The least workers that keep the objective, by the load of this moment.', {
    objectiveMs: durationMs("For the wait, milliseconds. Default: the policy's."),
    late: share('Share of tasks that may be late.', 0.01),
    ...LOAD_SIGNALS,
  }),
  part(
    'rules',
    'The first rule that applies.',
    { rules: { description: 'The rules.', type: 'array', minItems: 1, items: RULE } },
    ['rules'],
  ),
  part(
    'cost-aware',
    'The size at which workers and waiting together cost least.',
    {
      workerCost: number('What an hour of one worker costs, in any unit.', above0),
      waitCost: number("What an hour of one task's waiting costs, in the same unit.", above0),
      objectiveMs: {
        description: "Default: the policy's; false: the weights alone decide.",
        anyOf: [durationMs('Milliseconds.'), { type: 'boolean', const: false }],
      },
      late: share('Share of tasks that may be late.', 0.01),
      ...LOAD_SIGNALS,
    },
    ['workerCost', 'waitCost'],
  ),
  part('hill-climbing', 'Finds the size of the highest throughput, as the thread pool of .NET does.', {
    sampleMs: durationMs('Least length of a sample. Default 500, or a tick.'),
    bias: number('The rise in throughput that a rise in size has to bring.', { minimum: 0, exclusiveMaximum: 1 }, 0.15),
    maxWave: workers('The most workers that the size swings by.', 20),
    maxPerSecond: number('The most workers that it moves by in a second.', above0, 4),
  }),
  part('gradient2', 'A limit by the service times, as in concurrency-limits of Netflix.', {
    sampleMs: durationMs('Least length of a sample. Default 1,000, or a tick.'),
    tolerance: number('The rise of service times that is no reason to shrink.', { minimum: 1 }, 1.5),
    headroom: number('Workers by which the limit grows.', above0, 4),
    smoothing: number('Weight of the new limit.', { exclusiveMinimum: 0, maximum: 1 }, 0.2),
    initial: number("The limit to begin with. Default: the pool's size.", { minimum: 1 }),
    longSamples: number('Samples over which the usual service time is taken.', { minimum: 1 }, 600),
  }),
  part(
    'ceiling',
    'One decider, and never more than what another one allows.',
    { decider: reference('decider'), limit: reference('decider') },
    ['decider', 'limit'],
  ),
];
