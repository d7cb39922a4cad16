import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

// The snippets are tests themselves, with hooks of their own.
describe('inline', () => import('../fixtures/docs/testing-inline.js') as Promise<unknown> as Promise<void>);
describe('override', () => import('../fixtures/docs/testing-override.js') as Promise<unknown> as Promise<void>);
describe('clock', () => import('../fixtures/docs/testing-clock.js') as Promise<unknown> as Promise<void>);
describe('manual', () => import('../fixtures/docs/testing-manual.js') as Promise<unknown> as Promise<void>);

it('the configuration of jest is that of the application that is tried', () => {
  const [, shown] = /```js\n([\s\S]*?)```/.exec(readFileSync('docs/testing.md', 'utf8'))!;
  const tried = readFileSync('test/toolchains/apps/jest-testkit/jest.config.js', 'utf8');
  expect(tried.replace(/^ {2}reporters: .*\n/m, '')).toBe(shown);
});
