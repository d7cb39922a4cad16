import { parseArgs } from 'node:util';

/** A benchmark takes options of its own and returns what `--json` prints; `print` shows it to a person. */
export interface Benchmark {
  readonly about: string;
  run(rounds: number): Promise<unknown>;
  print(result: never): void;
}

const benchmarks: Record<string, () => Promise<Benchmark>> = {
  optimisations: async () => (await import('./optimisations/optimisations.js')).optimisations,
  queue: async () => (await import('./queue/queue.js')).queue,
  recording: async () => (await import('./recording/recording.js')).recording,
  startup: async () => (await import('./startup/startup.js')).startup,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, rounds: { type: 'string', default: '7' } },
});
const [name = ''] = positionals;
const rounds = Number(values.rounds);
if (!Object.hasOwn(benchmarks, name) || !Number.isInteger(rounds) || rounds < 1) {
  process.stderr.write(
    `usage: npm run bench -- NAME [--json] [--rounds N]\nNAME: ${Object.keys(benchmarks).join(', ')}\n`,
  );
  process.exit(2);
}

const benchmark = await benchmarks[name]!();
const result = await benchmark.run(rounds);
if (values.json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
else benchmark.print(result as never);
