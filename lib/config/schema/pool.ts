import { PRESET_NAMES } from '../../core/scaling/presets.js';
import { deadlineMs, durationMs, group, object, oneOf, reference, workers, type JsonSchema } from './words.js';

export const PRESET = oneOf(
  'balanced: the default for threads. thrifty: for dear workers and patient callers. latency: for pools that people wait for. course: the autoscaler of the course. adaptive: the default for async pools.',
  PRESET_NAMES,
);

export const POLICY: JsonSchema = {
  description: 'A preset by name, or the parts of a policy.',
  anyOf: [
    PRESET,
    object("The parts of a policy; what is left out is the preset's.", {
      preset: {
        ...PRESET,
        description: "Where the other parts come from. Default: the pool's, where there is no decider.",
      },
      signals: {
        description: 'Added to the default signals; one of the same name replaces it.',
        type: 'object',
        propertyNames: { pattern: '^[A-Za-z][\\w-]{0,63}$' },
        additionalProperties: reference('signal'),
      },
      decider: reference('decider'),
      guards: { description: "Asked in this order, after the preset's.", type: 'array', items: reference('guard') },
      forecast: reference('forecast'),
    }),
  ],
};

const SCALING: JsonSchema = {
  description:
    'How the pool sizes itself: a preset by name, or options. It cannot be switched on or off while the pool runs.',
  anyOf: [
    PRESET,
    object('Options; those left out are the ones of code.', {
      policy: reference('policy'),
      objectiveMs: durationMs('The wait that 99 of 100 tasks are to stay within, milliseconds.', 100),
      tickMs: {
        description: "Time between two evaluations, milliseconds. Default: the preset's, 250 for all but course.",
        type: 'number',
        minimum: 10,
        maximum: 2 ** 31 - 1,
      },
      onFault: oneOf(
        'After a fault of a part: try again, or leave the size alone until the policy is set again.',
        ['retry', 'freeze'],
        'retry',
      ),
    }),
  ],
};

/** What a file may say of one pool: what can change while it runs. */
export const POOL = group('Options of one pool that can change while it runs; those left out are the ones of code.', {
  size: group('Bounds of the size.', {
    min: workers('Floor.', 1),
    max: workers('Ceiling. Default: usable cores for threads.'),
  }),
  queue: group('The queue.', {
    capacity: {
      description:
        'Most tasks that may wait. Nothing is dropped where more wait already; new calls are refused until fewer do.',
      type: 'integer',
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
      default: 10_000,
    },
  }),
  idleExpiryMs: durationMs('A worker idle for this many milliseconds leaves, down to size.min.', 30_000),
  taskTimeoutMs: deadlineMs('Deadline of a started task, milliseconds, for calls from now on.'),
  queueTimeoutMs: deadlineMs('Deadline of a waiting task, milliseconds, for calls from now on.'),
  abortGraceMs: durationMs('Milliseconds an aborted task has to end before its thread is terminated.', 1_000),
  scaling: SCALING,
});
