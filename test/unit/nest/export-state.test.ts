import { describe, expect, test } from 'vitest';
import { exportState } from '../../../lib/nest/export-state.js';

describe('what the text of a module tells about a class', () => {
  test.each([
    'export class X {}',
    'export default class X extends Base {}',
    'export abstract class X {}',
    'class X {}\nexport { X };',
    'class X {}\nexport { Y, X as Z };',
    'class X {}\nexport default X;',
    'let X = class X {};\nexport { X };',
    'export let X = class X {};',
    'class X {}\nexport const Y = X;',
    'class X {}\nexports.X = X;',
    'class X {}\nexports.X = exports.Y = X;',
    'class X {}\nexports["Z"] = X;',
    'class X {}\nmodule.exports = { X };',
    'class X {}\nObject.defineProperty(exports, "X", { enumerable: true, get: () => X });',
    '_export(exports, { X: function() { return X; } });\nclass X {}',
    'class X {}\n__export(stdin_exports, { X: () => X });',
    'class $X {}\nexport { $X };',
    // TypeScript
    '@Injectable()\nexport class X<T> implements Y {}',
    'export @Injectable() class X {}',
    'export default @Injectable({ scope: 1 }) class X {}',
    'class X {}\nexport = X;',
    'class X {}\nexport { type Y, X };',
  ])('exported: %s', (source) => {
    expect(exportState(source, source.includes('$X') ? '$X' : 'X')).toBe('exported');
  });

  test.each([
    'class X {}',
    'class X {}\nexport { XY };',
    'class X {}\nexport type { X };',
    '@Injectable()\nclass X<T> {}\nexport type Y = X<string>;',
    'export class XY {}\nclass X {}',
    'class X {}\nObject.defineProperty(exports, "__esModule", { value: true });',
    'class X {}\nconst p = { useClass: X };\nexport { p };',
  ])('hidden: %s', (source) => {
    expect(exportState(source, 'X')).toBe('hidden');
  });

  test.each(['', 'const a = class{};export{a as X}', 'export const provide = () => ({ useClass: X });'])(
    'unclear, where the class itself is not seen: %s',
    (source) => {
      expect(exportState(source, 'X')).toBe('unclear');
    },
  );
});
