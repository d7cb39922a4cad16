import { durationMs, number, object, part, text, workers, type JsonSchema } from './words.js';

const UTILIZATION = number(
  'Share of the predicted workers that shall be busy.',
  { exclusiveMinimum: 0, maximum: 1 },
  0.7,
);
const TIME_ZONE = text('IANA name, as in Europe/Paris. Default: the time zone of the process.');

/** Every type of forecast. */
export const FORECASTS: readonly JsonSchema[] = [
  part(
    'schedule',
    'Workers by the time of day.',
    {
      entries: {
        description: 'From each time on, until the next.',
        type: 'array',
        minItems: 1,
        items: object(
          'One time.',
          {
            cron: text('Minute, hour, day, month, day of the week, and optionally seconds before them.'),
            workers: workers('Workers from then on.'),
            timeZone: TIME_ZONE,
          },
          ['cron', 'workers'],
        ),
      },
      timeZone: TIME_ZONE,
      leadMs: durationMs('How long before each time the workers are started. Default: at the time.'),
    },
    ['entries'],
  ),
  part('linear', 'The demand of the last while, extended by a straight line.', {
    windowMs: durationMs('How much of the past; at least 30 ticks.', 60_000),
    horizonMs: durationMs('How far ahead.', 10_000),
    utilization: UTILIZATION,
  }),
  part('holt-winters', 'Level, trend and season of the demand.', {
    seasonMs: durationMs('Length of the season.', 86_400_000),
    bucketMs: durationMs('Length of a sample; 2 to 10,080 of them make a season.', 300_000),
    horizonMs: durationMs('How far ahead. Default: one sample.'),
    alpha: number('Weight of a new sample in the level.', { exclusiveMinimum: 0, maximum: 1 }, 0.3),
    beta: number('In the trend.', { minimum: 0, maximum: 1 }, 0.01),
    gamma: number('In the season.', { minimum: 0, maximum: 1 }, 0.3),
    utilization: UTILIZATION,
  }),
];
