import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseJson, readJsonObject } from '../../../../lib/engines/typescript/read-json.js';
import { folderOf } from '../../../support/folder.js';

describe('JSON as tools write it', () => {
  test.each([
    ['{ "a": 1, // one\n /* two, } */ "b": [1, 2,],\n}', { a: 1, b: [1, 2] }],
    ['{ "url": "http://x/*", "glob": "**/*", "comma": ",}" }', { url: 'http://x/*', glob: '**/*', comma: ',}' }],
    ['{ "quote": "\\"// no comment", "a": [1, // last\n] }', { quote: '"// no comment', a: [1] }],
    ['\uFEFF{}', {}],
  ])('%s', (text, value) => {
    expect(parseJson(text)).toEqual(value);
  });

  test('a file that is not there is null, one that cannot be read is an error that names it', () => {
    const folder = folderOf({ 'bad.json': '{ "a": }', 'list.json': '[]' });
    expect(readJsonObject(path.join(folder, 'none.json'))).toBeNull();
    expect(() => readJsonObject(path.join(folder, 'bad.json'))).toThrow(/bad\.json cannot be read: /);
    expect(() => readJsonObject(path.join(folder, 'list.json'))).toThrow(
      /list\.json cannot be read: it holds no object/,
    );
  });
});
