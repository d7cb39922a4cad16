import { run, type RunFigures } from './demo/run.js';
import { describe, summarize } from './demo/summary.js';

// The same service under the same load, pooled and unpooled in turn. `--json` prints the figures as JSON.
const ROUNDS = 3;
const DEADLINE_MS = 110_000;

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => stop.abort(new Error(`Stopped by ${signal}.`)));
}
setTimeout(() => stop.abort(new Error(`Not done within ${DEADLINE_MS / 1000} s.`)), DEADLINE_MS).unref();

async function rounds(): Promise<RunFigures[]> {
  const runs: RunFigures[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    for (const pooled of [true, false]) {
      console.error(`Round ${round} of ${ROUNDS}, ${pooled ? 'pooled' : 'unpooled'}...`);
      const figures = await run(pooled, stop.signal);
      if (figures.wrong.length > 0) throw new Error(complain(figures.wrong));
      runs.push(figures);
    }
  }
  return runs;
}

function complain(wrong: readonly string[]): string {
  const few = [...new Set(wrong)].slice(0, 5);
  return `${wrong.length} responses were wrong:\n${few.map((complaint) => `  ${complaint}`).join('\n')}`;
}

try {
  const summary = summarize(await rounds());
  console.log(process.argv.includes('--json') ? JSON.stringify(summary, null, 2) : `\n${describe(summary)}`);
} catch (error) {
  const reason: unknown = stop.signal.aborted ? stop.signal.reason : error;
  console.error(`The demo failed. ${reason instanceof Error ? reason.message : String(reason)}`);
  process.exitCode = 1;
}
