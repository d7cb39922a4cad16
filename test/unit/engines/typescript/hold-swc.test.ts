import { expect, test } from 'vitest';
import { crashesAfterFirst } from '../../../../lib/engines/typescript/hold-swc.js';

test.each([
  ['1.3.0', false],
  ['1.15.47', false],
  ['1.16.13', false],
  ['1.16.18', true],
  ['1.16.22', true],
  ['1.17.0', true],
  ['2.0.0', true],
  ['0', false],
])('@swc/core %s needs to be held by the main thread: %s', (version, needs) => {
  expect(crashesAfterFirst(version)).toBe(needs);
});
