import { expect, test } from 'vitest';
import type { TestReport } from './run-tests.js';
import { judgeBug, judgeGood } from './verdict.js';

function reportOf(status: string, ...failureMessages: string[]): TestReport {
  const assertionResults = [{ title: 'S9-B01: it works', status, failureMessages }];
  return { testResults: [{ name: 'S9-B01.test.js', message: '', assertionResults }] };
}

const NOT_LOADED: TestReport = {
  testResults: [{ name: 'S9-B01.test.js', message: 'SyntaxError: no such export', assertionResults: [] }],
};

test('a bug counts as caught by an assertion or a time-out of its own test', () => {
  const messages = ['AssertionError: expected 1 to be 2\n    at x.js:1', 'Error: Test timed out in 5000ms.\nIf this'];
  for (const message of messages) {
    const [detail] = message.split('\n');
    expect(judgeBug('S9-B01', reportOf('failed', message))).toEqual({ passed: true, detail });
  }
});

test('a green test, a crash, a file that does not load and a test of another name catch nothing', () => {
  expect(judgeBug('S9-B01', reportOf('passed')).passed).toBe(false);
  expect(judgeBug('S9-B01', reportOf('failed', 'TypeError: x is not a function')).detail).toMatch(/another reason/);
  expect(judgeBug('S9-B01', NOT_LOADED).detail).toMatch(/no test named .* ran: SyntaxError/);
  expect(judgeBug('S9-B02', reportOf('failed', 'AssertionError: no')).passed).toBe(false);
});

test('the good code must run every test and pass it', () => {
  expect(judgeGood(reportOf('passed')).passed).toBe(true);
  expect(judgeGood(reportOf('failed', 'AssertionError: no')).passed).toBe(false);
  expect(judgeGood(reportOf('skipped')).passed).toBe(false);
  expect(judgeGood(NOT_LOADED).passed).toBe(false);
  expect(judgeGood({ testResults: [] }).passed).toBe(false);
});
