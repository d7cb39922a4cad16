import { createPool, type PoolOptions } from '../../../../lib/entries/core.js';
import { livingThreads } from '../../../support/living-threads.js';
import { Random } from '../../../support/random.js';
import { learn, Marks } from '../batch-pool.js';
import { next } from '../thread-pool.js';
import { Accounts } from './accounts.js';
import { Batch } from './batch.js';
import { LOADS } from './loads.js';

const TASKS = new URL('../../../fixtures/tasks/batch.js', import.meta.url);

/** Most run their tasks one by one and sleep in their event loop, as by default. */
const WORKERS: readonly NonNullable<PoolOptions['worker']>[] = [{}, {}, { parking: true }, { concurrency: 4 }];

/** What one run showed. */
export interface CrashRun {
  readonly seed: number;
  /** What must not be. */
  readonly wrong: readonly string[];
  /** Calls that were not answered yet when the thread was stopped. */
  readonly unanswered: number;
  /** Calls that were rejected, by how far their tasks were. */
  readonly losses: Accounts['losses'];
}

/** Stops one thread of a pool at a random moment while a mixed batch runs, and checks what became of every task. */
export async function crashRun(seed: number): Promise<CrashRun> {
  const random = new Random(seed);
  const [size, tasks, worker] = [2 + random.below(2), 20 + random.below(100), random.pick(WORKERS)];
  const marks = new Marks(tasks);
  const pool = createPool({ name: `crash ${seed}`, tasks: TASKS, size: { min: size, max: size }, worker });
  await pool.ready();
  await learn(pool, [...new Set(LOADS.map((load) => load.task))]);
  const accounts = new Accounts(pool, worker.concurrency ?? 1, marks);
  const replaced = Promise.all([next(pool, 'workerExited'), next(pool, 'workerStarted')]);

  const batch = new Batch(pool, random);
  const first = Math.ceil((tasks * (1 + random.below(4))) / 4);
  batch.submit(first);
  await turn();
  batch.submit(tasks - first);
  await moment(random, batch);
  const unanswered = tasks - batch.answered;
  const victim = random.pick(pool.snapshot().workers);
  void livingThreads.get(victim.threadId!)!.terminate();

  const results = await Promise.allSettled(batch.calls.map((call) => call.result));
  await replaced;
  for (const [index, call] of batch.calls.entries()) accounts.judge(call, results[index]!);
  accounts.close(tasks, size);
  await pool.close();
  if (livingThreads.size > 0) accounts.wrong.push(`${livingThreads.size} threads outlive their pool`);
  return { seed, wrong: accounts.wrong, unanswered, losses: accounts.losses };
}

/** A moment within the time that the batch takes, or shortly after. */
async function moment(random: Random, batch: Batch): Promise<void> {
  const [turns, answers] = [random.below(4), 1 + random.below(batch.calls.length)];
  const until = performance.now() + random.below(5_000) / 1_000;
  switch (random.below(3)) {
    case 0:
      for (let i = 0; i < turns; i++) await turn();
      return;
    case 1:
      while (performance.now() < until);
      return;
    default:
      return batch.answers(answers);
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
