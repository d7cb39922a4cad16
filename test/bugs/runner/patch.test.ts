import { expect, test } from 'vitest';
import { applyPatch, parsePatch } from './patch.js';

const SOURCE = 'one();\ntwo();\nthree();\ntwo();\nfour();\n';

function patchOf(...rows: string[]) {
  const [patch] = parsePatch(['What the bug is.', '', '--- a/lib/x.ts', '+++ b/lib/x.ts', ...rows, ''].join('\n'));
  return patch!;
}

test('a hunk finds its place by its text, not by its line number', () => {
  const patch = patchOf('@@ -90,2 +90,2 @@', ' three();', '-two();', '+five();', '@@ -1 +1 @@', '-one();', '+zero();');
  expect(patch.file).toBe('lib/x.ts');
  expect(applyPatch(patch, SOURCE)).toBe('zero();\ntwo();\nthree();\nfive();\nfour();\n');
});

test('a patch that fits nowhere, or in two places, is stale', () => {
  const gone = patchOf('@@ -1,2 +1 @@', ' one();', '-five();');
  const ambiguous = patchOf('@@ -2 +2 @@', '-two();');
  expect(() => applyPatch(gone, SOURCE)).toThrow(/stale, refresh it\. It fits 0 places of lib\/x\.ts/);
  expect(() => applyPatch(ambiguous, SOURCE)).toThrow(/It fits 2 places/);
});
