import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CommandFailed } from '../../support/run-command.js';
import { table } from '../../toolchains/runner/table.js';
import { judge, REQUIRED } from '../../toolchains/runner/verdict.js';

const good = Object.fromEntries(REQUIRED.map((name) => [name, true as const]));
const printed = (checks: unknown) => ({ stdout: `noise\n${JSON.stringify({ checks })}\n`, stderr: '' });

describe('the verdict on a toolchain', () => {
  test('is good when all checks are, and the process ended by itself', () => {
    expect(judge(printed(good))).toEqual({ ok: true, checks: { ...good, exit: true }, problem: null });
  });

  test('is bad when a check failed', () => {
    expect(judge(printed({ ...good, abort: 'Error: no' }))).toMatchObject({
      ok: false,
      checks: { abort: 'Error: no' },
    });
  });

  test('is bad when a check was left out', () => {
    const { abort: _, ...rest } = good;
    expect(judge(printed(rest))).toMatchObject({ ok: false, checks: { abort: 'was not checked' } });
  });

  test('is bad when the process had to be killed, whatever it printed', () => {
    const late = new CommandFailed('npm run check', 'had not ended after 1 ms', printed(good));
    expect(judge(late)).toMatchObject({ ok: false, checks: { exit: 'had not ended after 1 ms' } });
  });

  test('is bad when nothing was told', () => {
    expect(judge({ stdout: '{"other":1}\n{', stderr: '' })).toMatchObject({ ok: false, problem: expect.any(String) });
  });

  test('looks for the checks that the applications share', () => {
    const source = readFileSync('test/toolchains/shared/src/checks.ts', 'utf8');
    expect([...source.matchAll(/^ {4}name: '(.+)',$/gm)].map(([, name]) => name)).toEqual(REQUIRED);
  });
});

test('the table has a row for each toolchain and a column for each Node.js', () => {
  const trial = (toolchain: string, node: string, ok: boolean) => ({
    ...{ toolchain, title: `with ${toolchain}`, node, ok, checks: {}, problem: null, ms: 1 },
  });
  const trials = [trial('tsc', '20.1.0', true), trial('tsc', '24.1.0', false), trial('jest', '20.1.0', true)];
  expect(table([...trials, trial('jest', '24.1.0', true)]).split('\n')).toEqual([
    'toolchain  what       Node 20.1.0  Node 24.1.0',
    'tsc        with tsc   ok           failed',
    'jest       with jest  ok           ok',
  ]);
});
