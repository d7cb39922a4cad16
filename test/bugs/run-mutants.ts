// Puts each bug of the catalogue into a copy of the built library and expects the test named after it to fail.
// Arguments: the ids to try; none means all. The last line is the count.
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readCatalogue, type Bug } from './runner/catalogue.js';
import { killRunning, runTests } from './runner/run-tests.js';
import { failed, judgeBug, judgeGood, type Verdict } from './runner/verdict.js';
import { Workshop } from './runner/workshop.js';

const COPIES = Math.min(2, availableParallelism());
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

const { bugs, gaps } = readCatalogue(path.join(ROOT, 'test/bugs'), process.argv.slice(2));
const workshop = new Workshop(ROOT);
for (const [signal, code] of [['SIGINT', 130] as const, ['SIGTERM', 143] as const]) {
  process.once(signal, () => {
    killRunning();
    workshop.remove();
    process.exit(code);
  });
}
try {
  printRow('id', 'bug', 'caught by', 'ms');
  for (const { id, problem } of gaps) printRow(id, '', `FAILED: ${problem}`, '0');
  const caught = bugs.length > 0 ? await tryAll() : 0;
  const missed = bugs.length - caught + gaps.length;
  console.log(`${caught} passed, ${missed} failed`);
  process.exitCode = caught > 0 && missed === 0 ? 0 : 1;
} finally {
  killRunning();
  workshop.remove();
}

/** How many bugs were caught. */
async function tryAll(): Promise<number> {
  const copies = Array.from({ length: COPIES }, (_, index) => workshop.addCopy(`copy-${index}`));
  const tests = bugs.map(({ test }) => test);
  const good = await verdictOf(async () => judgeGood(await runTests(copies[0]!, tests)));
  if (!good.passed) {
    console.error(`With no bug put in, every test must be green. ${good.detail}`);
    return 0;
  }
  let caught = 0;
  const queue = bugs.values();
  const work = async (copy: string) => {
    for (const bug of queue) {
      const begun = performance.now();
      const { passed, detail } = await verdictOf(() => tryBug(copy, bug));
      if (passed) caught++;
      printRow(bug.id, bug.title, passed ? detail : `FAILED: ${detail}`, (performance.now() - begun).toFixed(0));
    }
  };
  await Promise.all(copies.map((copy) => work(copy)));
  return caught;
}

async function tryBug(copy: string, { id, patches, test }: Bug): Promise<Verdict> {
  const takeOut = workshop.putIn(copy, patches);
  try {
    return judgeBug(id, await runTests(copy, [test]));
  } finally {
    takeOut();
  }
}

/** What cannot be tried has failed. */
async function verdictOf(trial: () => Promise<Verdict>): Promise<Verdict> {
  try {
    return await trial();
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  }
}

function printRow(...cells: string[]): void {
  console.log(cells.join(' | '));
}
