import { expect, it } from 'vitest';
import { crashRun, type CrashRun } from './crash-run.js';

/** `npm run test:crashes` sets more; a failure names the seed of its run, to begin with the next time. */
const RUNS = Number(process.env['POOL_CRASH_RUNS'] ?? 20);
const FIRST_SEED = Number(process.env['POOL_CRASH_SEED'] ?? 1);
const LONGEST_RUN_MS = 5_000;
const OPTIONS = { timeout: 20_000 + RUNS * LONGEST_RUN_MS };

it('a thread stopped at any moment costs what it ran; no task runs twice or is lost (P9, P12)', OPTIONS, async () => {
  const runs: CrashRun[] = [];
  for (let seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed++) runs.push(await crashRun(seed));
  const inBatch = runs.filter((run) => run.unanswered > 0);
  process.stdout.write(summary(inBatch));
  expect(runs.filter((run) => run.wrong.length > 0)).toEqual([]);
  expect(inBatch.length).toBeGreaterThan(RUNS / 2);
});

function summary(runs: readonly CrashRun[]): string {
  const sum = (value: (run: CrashRun) => number) => runs.reduce((total, run) => total + value(run), 0);
  const losses = (['started', 'finished', 'moved'] as const).map((loss) => `${sum((run) => run.losses[loss])} ${loss}`);
  return (
    `${runs.length} of ${RUNS} threads stopped in the middle of a batch, ${sum((run) => run.unanswered)} tasks unanswered; ` +
    `rejected: ${losses.join(', ')}\n`
  );
}
