import { expect, test } from 'vitest';
import { ownFile } from '../../../lib/core/own-file.js';

test('a file of this library is found from the module that names it', () => {
  expect(ownFile('./own-file.test.js', import.meta.url)?.href).toBe(import.meta.url);
});

test.each([
  ['it was left behind', './worker/entry.js', import.meta.url],
  ['a bundle in CommonJS does not know where it is', './own-file.test.js', undefined],
  ['a bundler wrote something else', './own-file.test.js', 'main.js'],
])('no file is given where %s', (_, path, base) => {
  expect(ownFile(path, base)).toBeNull();
});
