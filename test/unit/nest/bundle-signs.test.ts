import { describe, expect, test } from 'vitest';
import { isClosedBundle, looksBundled } from '../../../lib/nest/bundle-signs.js';

const webpackApp =
  'var __webpack_modules__ = ([((m, exports, __webpack_require__) => { class X {}\nexports.X = X; })]);\n' +
  'var __webpack_exports__ = {};\nvar exports = __webpack_exports__;\n__webpack_require__(1);';

describe('the text of a bundle', () => {
  test.each([
    ['webpack, an application', webpackApp, true],
    ['webpack, a library', `${webpackApp}\nmodule.exports = __webpack_exports__;`, false],
    ['webpack, an ES module', `${webpackApp}\nexport { X };`, false],
    ['esbuild', 'var __commonJS = (cb, mod) => 1;\n// src/x.ts\nclass X {}', false],
    ['esbuild, packages included', '// ../node_modules/rxjs/index.js\nclass X {}', false],
    ['rolldown', '//#region src/x.ts\nclass X {}\n//#endregion', false],
  ])('is known: %s', (_, source, isClosed) => {
    expect(looksBundled(source)).toBe(true);
    expect(isClosedBundle(source)).toBe(isClosed);
  });

  test.each([
    ['tsc', '"use strict";\nvar __decorate = (this && this.__decorate) || 1;\nclass X {}\nexports.X = X;'],
    ['swc', 'function _ts_decorate() {}\nexport class X {}\n//# sourceMappingURL=x.js.map'],
    [
      'one that speaks of webpack',
      '// webpack_require is not used here, and node_modules/ is a folder\nexport class X {}',
    ],
  ])('is not that of %s', (_, source) => {
    expect(looksBundled(source)).toBe(false);
    expect(isClosedBundle(source)).toBe(false);
  });
});
