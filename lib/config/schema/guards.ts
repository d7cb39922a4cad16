import { durationMs, number, oneOf, part, share, signal, workers, type JsonSchema } from './words.js';

const WHEN_MISSING = oneOf('What to do with growth while the signal has no value.', ['hold', 'allow'], 'hold');

/** Every type of guard. */
export const GUARDS: readonly JsonSchema[] = [
  part('bounds', "Bounds within the pool's own.", {
    min: workers("Default: the pool's."),
    max: workers("Default: the pool's."),
  }),
  part('cooldown', 'The least time between two resizes in the same direction; at least one of the two.', {
    upMs: durationMs('Between two grows.'),
    downMs: durationMs('Between two shrinks.'),
    seeded: { description: 'Whether the first evaluation counts as a resize.', type: 'boolean', default: false },
  }),
  part('stabilization', 'No further than what was proposed all along; at least one of the two.', {
    downMs: durationMs('Shrinks no further than to the highest size proposed in this time.'),
    upMs: durationMs('Grows no further than to the lowest size proposed in this time.'),
  }),
  part('step-limit', 'The most workers that one resize moves by; at least one of the two.', {
    up: workers('Default: any.'),
    down: workers('Default: any.'),
  }),
  part('error-rate', 'No growth while more than a share of the tasks fail.', {
    above: share('Share of what ended.', 0.1),
    signal: signal('Name of the signal.', 'errorRate'),
    whenMissing: WHEN_MISSING,
  }),
  part('breaker', 'No growth while a circuit breaker is open.', {
    signal: signal("A breaker's state as a number; such a signal is given in code.", 'breaker'),
    whenMissing: WHEN_MISSING,
  }),
  part('budget', "Keeps to the pool's share of the budget; a pool with a budget has it by itself."),
  part(
    'worker-hours',
    'A hard budget of worker-hours per period.',
    {
      hours: number('Worker-hours.', { exclusiveMinimum: 0 }),
      periodMs: { ...durationMs('Milliseconds.', 86_400_000), minimum: 1_000 },
    },
    ['hours'],
  ),
  part('cpu-saturation', 'No growth while threads wait for cores.', {
    runQueueAbove: number('Seconds per second, over all threads.', { exclusiveMinimum: 0 }, 1),
    throttlingAbove: share('Share of the scheduling periods.', 0.1),
    runQueue: signal('Name of the signal.', 'runQueue'),
    throttling: signal('Name of the signal.', 'throttling'),
  }),
  part('memory-headroom', 'No more workers than the memory limit has room for.', {
    reserve: number('Workers to keep room for.', { minimum: 0 }, 0),
    signal: signal('Name of the signal.', 'memory'),
  }),
];
