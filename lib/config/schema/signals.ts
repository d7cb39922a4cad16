import { durationMs, number, oneOf, part, reference, text, type JsonSchema } from './words.js';

const above0 = { exclusiveMinimum: 0 };

const windowed = (type: string, description: string, windowMs: number) =>
  part(type, description, { windowMs: durationMs('Over the last milliseconds.', windowMs) });

const ofThreads = (type: string, description: string, fallback: 'mean' | 'max') =>
  part(type, description, { over: oneOf('Mean or highest of the threads.', ['mean', 'max'], fallback) });

const ofCores = (type: string, description: string) =>
  part(type, description, { cores: number('Where the machine does not tell them right.', above0) });

/** Every type of signal that a file can say; a circuit breaker is an object, and is named instead. */
export const SIGNALS: readonly JsonSchema[] = [
  part('queue-depth', 'Tasks that wait, as a share of queue.capacity, 0 to 1.'),
  part('utilization', 'busy / live, 0 to 1.'),
  part('wait', 'How long tasks wait, milliseconds, over the window of the statistics.', {
    quantile: oneOf('Which figure.', ['p99', 'mean', 'p50', 'oldest'], 'p99'),
  }),
  part('service', 'How long tasks take.', {
    measure: oneOf('The mean in milliseconds, or the squared coefficient of variation.', ['mean', 'scv'], 'mean'),
    completions: {
      description: 'Over so many of the last tasks.',
      type: 'integer',
      minimum: 2,
      maximum: 1_000_000,
      default: 200,
    },
  }),
  windowed('arrival-rate', 'Tasks accepted per second.', 5_000),
  windowed('throughput', 'Tasks ended per second.', 5_000),
  windowed('error-rate', 'Share of the ended tasks that failed, 0 to 1.', 10_000),
  part('arrival-dispersion', 'Index of dispersion of the arrivals: 1 for Poisson.'),
  part(
    'ewma',
    'An average of another signal; either halfLifeMs or alpha.',
    {
      of: reference('signal'),
      halfLifeMs: durationMs('Half-life of a value, milliseconds.'),
      alpha: number('Weight of a new value.', { exclusiveMinimum: 0, maximum: 1 }),
    },
    ['of'],
  ),
  part(
    'prometheus',
    'An instant query of a Prometheus server that gives one number.',
    {
      url: text('Of the server, without /api/v1/query and without credentials.'),
      query: text('A PromQL expression.'),
      intervalMs: durationMs('Between two queries, milliseconds.', 5_000),
      timeoutMs: durationMs('For one query, milliseconds.', 2_000),
      staleAfterMs: durationMs('How old the last good value may be. Default: as long as three queries that fail take.'),
      headers: {
        description: 'HTTP headers. They stand in this file in plain text; a secret is better given in code.',
        type: 'object',
        additionalProperties: { type: 'string' },
      },
    },
    ['url', 'query'],
  ),
  ofThreads('loop-utilization', 'Event-loop utilization of the threads, 0 to 1.', 'mean'),
  ofThreads('loop-delay', 'Delay of the event loops of the threads, milliseconds.', 'max'),
  ofCores('cpu', 'CPU in use by the process, as a share of the usable cores.'),
  ofCores('usable-cores', 'Cores that the process may use.'),
  part('throttling', "Share of the scheduling periods in which the cgroup's CPU quota held the process back."),
  part('run-queue', 'Seconds that threads stood ready and waited for a core, per second.'),
  part('main-loop', 'Event-loop utilization of the main thread, 0 to 1.'),
  part('memory', 'Room in the memory limit.', {
    measure: oneOf('Workers that still fit, or the part used at the maximum size.', ['headroom', 'at-max'], 'headroom'),
    workerMb: number('What a worker takes, MiB, where it is not to be measured.', above0),
  }),
];

export const SIGNAL: JsonSchema = {
  description:
    "A signal: an object with a type, or the name of a default signal or of one that the pool's policy in code has.",
  anyOf: [
    { type: 'string', minLength: 1 },
    { type: 'object', required: ['type'], discriminator: { propertyName: 'type' }, oneOf: SIGNALS },
  ],
};
