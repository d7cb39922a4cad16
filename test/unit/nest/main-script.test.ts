import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { restartsApplication } from '../../../lib/nest/main-script.js';

const file = import.meta.url;
const path = fileURLToPath(file);

test.each([
  ['the file that Node was started with', '', path, true],
  ['the same without its extension', '', path.replace(/\.js$/, ''), true],
  ['one that asks whether it is the program', 'if (require.main === module) main();', path, false],
  ['its source', '', path.replace(/\.js$/, '.tsx'), true],
  ['another file', '', '/elsewhere/main.js', false],
  ['no file at all', '', undefined, false],
])('%s', (_, source, script, expected) => {
  expect(restartsApplication(file, source, script ?? '')).toBe(expected);
});
