import { parseArgs } from 'node:util';

/** A benchmark takes options of its own and returns what `--json` prints; `print` shows it to a person. */
export interface Benchmark {
  readonly about: string;
  run(options: BenchmarkOptions): Promise<unknown>;
  print(result: never): void;
}

/** A benchmark heeds the options that mean something to it. */
export interface BenchmarkOptions {
  /** Interleaved rounds, of which medians are reported. */
  readonly rounds: number;
  /** Worker threads of each pool. */
  readonly threads: number;
  /** Run the rows with this text in their name. */
  readonly only: string;
  /** How long a contender is loaded at a time, milliseconds. */
  readonly sliceMs: number;
}

const benchmarks: Record<string, () => Promise<Benchmark>> = {
  dispatch: async () => (await import('./dispatch/dispatch.js')).dispatch,
  fairness: async () => (await import('./fairness/fairness.js')).fairness,
  'live-scaling': async () => (await import('./live-scaling/live-scaling.js')).liveScaling,
  optimisations: async () => (await import('./optimisations/optimisations.js')).optimisations,
  queue: async () => (await import('./queue/queue.js')).queue,
  recording: async () => (await import('./recording/recording.js')).recording,
  startup: async () => (await import('./startup/startup.js')).startup,
  ticks: async () => (await import('./ticks/ticks.js')).ticks,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '7' },
    threads: { type: 'string', default: '2' },
    only: { type: 'string', default: '' },
    slice: { type: 'string', default: '200' },
  },
});
const [name = ''] = positionals;
const options = {
  rounds: Number(values.rounds),
  threads: Number(values.threads),
  only: values.only,
  sliceMs: Number(values.slice),
};
const counts = [options.rounds, options.threads, options.sliceMs];
if (!Object.hasOwn(benchmarks, name) || counts.some((count) => !Number.isInteger(count) || count < 1)) {
  process.stderr.write(
    'usage: npm run bench -- NAME [--json] [--rounds N] [--threads N] [--only TEXT] [--slice MS]\n' +
      `NAME: ${Object.keys(benchmarks).join(', ')}\n`,
  );
  process.exit(2);
}

const benchmark = await benchmarks[name]!();
const result = await benchmark.run(options);
if (values.json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
else benchmark.print(result as never);
