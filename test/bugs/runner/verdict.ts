import { stripVTControlCharacters } from 'node:util';
import type { TestReport } from './run-tests.js';

/** `detail` is what caught the bug, or why nothing did. */
export interface Verdict {
  readonly passed: boolean;
  readonly detail: string;
}

/** Only these say that the test saw the bug; a broken import or a crash of the test itself says nothing. */
const RIGHT_REASON = /^AssertionError\b|^Error: Test timed out in/;

/** On the good code every test is to pass. */
export function judgeGood({ testResults }: TestReport): Verdict {
  if (testResults.length === 0) return failed('vitest found no test');
  for (const { name, message, assertionResults } of testResults) {
    if (assertionResults.length === 0) return failed(`${name} ran no test: ${firstLine(message)}`);
    const bad = assertionResults.find(({ status }) => status !== 'passed');
    if (bad) return failed(`${bad.title}: ${bad.status}, ${firstLine(bad.failureMessages[0])}`);
  }
  return { passed: true, detail: 'green' };
}

/** With the bug put in, the test named after it is to fail, by an assertion or by its time-out. */
export function judgeBug(id: string, { testResults: [file] }: TestReport): Verdict {
  const test = file?.assertionResults.find(({ title }) => title.startsWith(`${id}: `));
  if (!test) return failed(`no test named '${id}: …' ran: ${firstLine(file?.message)}`);
  if (test.status === 'passed') return failed('the test passes with the bug in');
  const message = firstLine(test.failureMessages[0]);
  return RIGHT_REASON.test(message) ? { passed: true, detail: message } : failed(`red for another reason: ${message}`);
}

export function failed(detail: string): Verdict {
  return { passed: false, detail };
}

function firstLine(text = 'no message'): string {
  return stripVTControlCharacters(text).split('\n', 1)[0]!.trim();
}
