import { parseArgs } from 'node:util';
import { BadInput } from './bad-input.js';

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
  /** Files with recorded loads, besides those of the repository. */
  readonly traces: readonly string[];
  /** What loads are scaled to, arrivals per second on average. */
  readonly mean: number;
  /** How often each load is drawn. */
  readonly seeds: number;
  /** Folder for pictures, or `null` for none. */
  readonly svg: string | null;
}

const benchmarks: Record<string, () => Promise<Benchmark>> = {
  dispatch: async () => (await import('./dispatch/dispatch.js')).dispatch,
  downstream: async () => (await import('./downstream/downstream.js')).downstream,
  fairness: async () => (await import('./fairness/fairness.js')).fairness,
  'live-scaling': async () => (await import('./live-scaling/live-scaling.js')).liveScaling,
  optimisations: async () => (await import('./optimisations/optimisations.js')).optimisations,
  queue: async () => (await import('./queue/queue.js')).queue,
  recording: async () => (await import('./recording/recording.js')).recording,
  scaling: async () => (await import('./scaling/scaling.js')).scaling,
  scrape: async () => (await import('./scrape/scrape.js')).scrape,
  sources: async () => (await import('./sources/sources.js')).sources,
  streams: async () => (await import('./streams/streams.js')).streams,
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
    trace: { type: 'string', multiple: true, default: [] },
    mean: { type: 'string', default: '80' },
    seeds: { type: 'string', default: '5' },
    svg: { type: 'string' },
  },
});
const [name = ''] = positionals;
const options = {
  rounds: Number(values.rounds),
  threads: Number(values.threads),
  only: values.only,
  sliceMs: Number(values.slice),
  traces: values.trace,
  mean: Number(values.mean),
  seeds: Number(values.seeds),
  svg: values.svg ?? null,
};
const counts = [options.rounds, options.threads, options.sliceMs, options.seeds];
const areCounts = counts.every((count) => Number.isInteger(count) && count >= 1);
if (!Object.hasOwn(benchmarks, name) || !areCounts || !(options.mean > 0 && options.mean < Infinity)) {
  process.stderr.write(
    'usage: npm run bench -- NAME [--json] [--rounds N] [--threads N] [--only TEXT] [--slice MS]\n' +
      '       npm run bench -- scaling [--json] [--only TEXT] [--trace FILE]... [--mean N] [--seeds N] [--svg DIR]\n' +
      '       npm run bench -- downstream [--json] [--svg DIR]\n' +
      `NAME: ${Object.keys(benchmarks).join(', ')}\n`,
  );
  process.exit(2);
}

const benchmark = await benchmarks[name]!();
const result = await benchmark.run(options).catch((error: unknown) => {
  if (!(error instanceof BadInput)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(2);
});
if (values.json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
else benchmark.print(result as never);
