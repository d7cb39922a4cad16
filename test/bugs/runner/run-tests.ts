import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

/** What vitest's JSON reporter tells, as far as it is used here. */
export interface TestReport {
  readonly testResults: readonly {
    readonly name: string;
    /** Why the file could not be run, where it could not. */
    readonly message: string;
    readonly assertionResults: readonly {
      readonly title: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** Of a test that sets no limit of its own. */
const TEST_TIMEOUT_MS = 5_000;
/** For a whole run: a bug may loop where no time-out of a test can interrupt. */
const RUN_TIMEOUT_MS = 60_000;

const running = new Set<ChildProcess>();

/**
 * Runs compiled tests in a copy.
 * @throws Error when vitest gives no report in time, with the end of what it said.
 */
export async function runTests(copy: string, tests: readonly string[]): Promise<TestReport> {
  const reportFile = path.join(copy, 'report.json');
  rmSync(reportFile, { force: true });
  const vitest = path.join(copy, 'node_modules/vitest/vitest.mjs');
  const options = ['--reporter=json', `--outputFile=${reportFile}`, `--testTimeout=${TEST_TIMEOUT_MS}`, '--no-cache'];
  const child = spawn(process.execPath, [vitest, 'run', ...tests, ...options], {
    cwd: copy,
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  let said = '';
  child.stderr.on('data', (chunk) => (said = `${said}${chunk}`.slice(-1_000)));
  running.add(child);
  const timer = setTimeout(() => kill(child), RUN_TIMEOUT_MS);
  await new Promise((resolve) => child.once('close', resolve));
  clearTimeout(timer);
  running.delete(child);
  if (existsSync(reportFile)) return JSON.parse(readFileSync(reportFile, 'utf8')) as TestReport;
  throw new Error(`vitest gave no report within ${RUN_TIMEOUT_MS / 1_000} s. ${said}`);
}

/** Stops what still runs. */
export function killRunning(): void {
  for (const child of running) kill(child);
}

/** Its test processes too, which are in its group. */
function kill(child: ChildProcess): void {
  try {
    process.kill(-child.pid!, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}
