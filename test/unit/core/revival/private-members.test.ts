import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { privateMember } from '../../../../lib/core/revival/private-members.js';

describe('private members of a class, by its text (U8)', () => {
  it.each([
    ['#x', 'class A { #x = 1; y = 2 }'],
    ['#x', 'class A extends B({ a: "}" }) { y = "{"\n#x }'],
    ['#m', 'class A { #m() { return 1 } }'],
    ['#m', 'class A { async *#m() {} }'],
    ['#v', 'class A { get #v() { return 1 } }'],
    ['#y', 'class A { static x = 1\n #y = 2 }'],
    ['#y', 'class A { static { A.a = {} } #y = 2 }'],
    ['#y', 'class A { a = 1 / 2; b = "/"; #y = 2 }'],
    ['#y', 'class A { a = /[/"{]/.test("x"); #y = 2 }'],
    ['#y', 'class A { a = `{ ${ { b: `}` }.b } "`; #y = 2 }'],
    ['#größe', 'class A { #größe = 2 }'],
  ])('finds %s in %s', (name, source) => {
    expect(privateMember(source)).toBe(name);
  });

  it.each([
    'class A { x = 1; y() { return this.x } }',
    'class A { static #count = 0; static async *#all() {} }',
    'class A { color = "#fff"; other = \'#x\'; text = `#x ${ 1 } #y` }',
    'class A { /* #x */ y = 1; // #z\n z = 2 }',
    'class A { y = /#x/; z = 4 / 2; w = /[/#]#x/ }',
    'class A { static is(other) { return #x in other } static #x = 1 }',
    'class A { static #x = 1; here = A.#x; there = #x in A }',
    'class A { make() { return new (class { #x = 1 })() } }',
    'class A { a = { b: [() => { class B { #x } }] } }',
    'class A {}',
    'function A() { this.x = 1 }',
  ])('finds none in %s', (source) => {
    expect(privateMember(source)).toBeNull();
  });

  it.each(['#x = 1', '#m() { return 1 } z() { return this.#m() }', 'get #v() { return 1 }'])(
    'finds { %s } where TypeScript made something else of it',
    (member) => {
      const target = ts.ScriptTarget.ES2021;
      const { outputText } = ts.transpileModule(`class A { ${member} }`, { compilerOptions: { target } });
      expect(outputText.slice(outputText.indexOf('class A'))).not.toContain('#');
      expect(privateMember(outputText.slice(outputText.indexOf('class A')))).toBe('private members');
    },
  );

  it.each([
    ['esbuild', 'class A { constructor() { __privateAdd(this, _x, 1); __publicField(this, "y", 2); } }'],
    ['SWC', 'class A { constructor(){ _class_private_field_init._(this, _x, { writable: true, value: 1 }); } }'],
    ['SWC, a method', 'class M { constructor(){ _class_private_method_init(this, _m); } }'],
    ['Babel', 'class A { constructor() { _classPrivateFieldInitSpec(this, _x, 1); } }'],
  ])('finds what %s makes of it', (_, source) => {
    expect(privateMember(source)).toBe('private members');
  });

  it('takes what TypeScript makes of static ones for no obstacle', () => {
    const source = 'class A { static #n = 1; static next() { return this.#n++ } }';
    const { outputText } = ts.transpileModule(source, { compilerOptions: { target: ts.ScriptTarget.ES2021 } });
    expect(privateMember(/class A \{[^]*?\n\}/.exec(outputText)![0])).toBeNull();
  });
});
