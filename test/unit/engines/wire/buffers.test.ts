import { describe, expect, it } from 'vitest';
import { compact, findBuffers, restoreBuffers } from '../../../../lib/engines/thread/wire/buffers.js';

/** Over the boundary, with the Buffers noted down and restored. */
function cross<T extends unknown[]>(...values: T): T {
  const paths = findBuffers(values);
  const arrived = structuredClone(values);
  if (paths) restoreBuffers(arrived, paths);
  return arrived;
}

function nest(depth: number, core: unknown): unknown {
  let value = core;
  for (let level = 0; level < depth; level++) value = { in: value };
  return value;
}

/** Its constructor wants other arguments than those of typed arrays, which `slice()` would give it. */
class Vector extends Float64Array {
  constructor(arena: { readonly memory: ArrayBuffer }, index: number) {
    super(arena.memory, index * 24, 3);
  }
}

class Holder {
  constructor(readonly bytes: Buffer) {}
}

describe('findBuffers', () => {
  it.each<[string, unknown[]]>([
    ['nothing', []],
    ['primitives', [1, 'a', null, undefined, true, 2n]],
    ['plain data', [{ a: [1, { b: 2 }] }]],
    ['bare Uint8Arrays', [new Uint8Array(4), { a: new Uint8Array(4) }]],
  ])('is null for %s', (_, values) => {
    expect(findBuffers(values)).toBeNull();
  });

  it('finds Buffers among the values, in arrays, plain objects and class instances', () => {
    const bare = Object.assign(Object.create(null) as object, { bytes: Buffer.from('c') });
    const values = [1, Buffer.from('a'), { list: [0, Buffer.from('b')] }, bare, new Holder(Buffer.from('d'))];
    expect(findBuffers(values)).toEqual([[1], [2, 'list', 1], [3, 'bytes'], [4, 'bytes']]);
  });

  it('does not look into maps and sets, nor where structured clone drops own properties', () => {
    const bytes = Buffer.from('a');
    const drops = [new Error('e'), new Map(), new Set(), new Uint8Array(1)].map((each) =>
      Object.assign(each, { bytes }),
    );
    expect(findBuffers([new Map([['k', bytes]]), new Set([bytes]), ...drops])).toBeNull();
  });

  it('looks 8 levels deep and no deeper', () => {
    expect(findBuffers([nest(8, Buffer.from('a'))])).toEqual([[0, ...Array<string>(8).fill('in')]]);
    expect(findBuffers([nest(9, Buffer.from('a'))])).toBeNull();
  });

  it('looks at 1,000 elements and properties in all', () => {
    const row = (numbers: number) => [...Array<unknown>(numbers).fill(0), Buffer.from('a')];
    expect(findBuffers([row(999)])).toEqual([[0, 999]]);
    expect(findBuffers([row(1_000)])).toBeNull();
    expect(findBuffers([Array(600).fill(0), Object.fromEntries(row(400).entries())])).toBeNull();
    expect(findBuffers([Array(1_000_000_000), Buffer.from('a')])).toEqual([[1]]);
  });

  it('comes to an end on cycles', () => {
    const cyclic: Record<string, unknown> = {};
    cyclic['a'] = [cyclic, cyclic];
    cyclic['b'] = cyclic;
    expect(findBuffers([cyclic])).toBeNull();
  });

  it('does not throw where a getter or a proxy does', () => {
    const trap = {
      get a(): number {
        throw new Error('no');
      },
    };
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(findBuffers([trap])).toBeNull();
    expect(findBuffers([proxy])).toBeNull();
  });
});

describe('restoreBuffers', () => {
  it('makes each a Buffer again, without copying', () => {
    const [first, rest] = cross(Buffer.from('first'), { list: [Buffer.from('second')], plain: new Uint8Array([1]) });
    expect(first.toString()).toBe('first');
    expect(rest.list[0]?.toString()).toBe('second');
    expect(Buffer.isBuffer(rest.plain)).toBe(false);
    const arrived = [structuredClone(Buffer.alloc(4))];
    const { buffer } = arrived[0]!;
    restoreBuffers(arrived, [[0]]);
    expect(arrived[0]!.buffer).toBe(buffer);
  });

  it('keeps one Buffer in two places one', () => {
    const bytes = Buffer.from('x');
    const [list, alone] = cross({ first: bytes, second: [bytes] }, bytes);
    expect(list.second[0]).toBe(list.first);
    expect(alone).toBe(list.first);
  });

  it('keeps shared memory shared', () => {
    const shared = new SharedArrayBuffer(4);
    const [arrived] = cross(Buffer.from(shared));
    arrived[2] = 9;
    expect(new Uint8Array(shared)[2]).toBe(9);
  });

  it('restores cyclic values, and a Buffer under a key called __proto__', () => {
    const cyclic: Record<string, unknown> = { bytes: Buffer.from('x') };
    cyclic['self'] = cyclic;
    const hostile = Object.defineProperty({}, '__proto__', { value: Buffer.from('y'), enumerable: true });
    const [first, second] = cross(cyclic, hostile);
    expect(Buffer.isBuffer(first['bytes'])).toBe(true);
    expect(first['self']).toBe(first);
    expect(Object.getPrototypeOf(second)).toBe(Object.prototype);
    expect(Buffer.isBuffer(Object.getOwnPropertyDescriptor(second, '__proto__')?.value)).toBe(true);
  });

  it('leaves alone what is not where it should be', () => {
    const arrived = [{ a: 1 }, null, new Uint16Array(2)];
    restoreBuffers(arrived, [[0, 'a'], [0, 'b', 'c'], [1, 'x'], [2], [9]]);
    expect(arrived).toEqual([{ a: 1 }, null, new Uint16Array(2)]);
  });
});

describe('compact', () => {
  it('copies a Buffer out of its slab, so that only its bytes are sent', () => {
    const small = Buffer.from('hello');
    expect(small.buffer.byteLength).toBeGreaterThan(5);
    const values = [1, small, 'x'];
    const [, sent] = compact(values) as [number, Buffer, string];
    expect(values[1]).toBe(small);
    expect(Buffer.isBuffer(sent)).toBe(true);
    expect(sent.toString()).toBe('hello');
    expect(structuredClone(sent).buffer.byteLength).toBe(5);
  });

  it('keeps the element type of other views', () => {
    const memory = Float64Array.from({ length: 32 }, (_, index) => index).buffer;
    const values = [new Float64Array(memory, 64, 2), new DataView(memory, 64, 8), new BigInt64Array(memory, 0, 1)];
    const [floats, view, bigints] = compact(values) as [Float64Array, DataView, BigInt64Array];
    expect(floats).toEqual(Float64Array.of(8, 9));
    expect([view.byteLength, view.buffer.byteLength, view.getFloat64(0, true)]).toEqual([8, 8, 8]);
    expect(bigints.buffer.byteLength).toBe(8);
  });

  it('keeps one view that stands in two places one', () => {
    const small = new Uint8Array(new ArrayBuffer(64), 8, 2);
    const [first, other, second] = compact([small, new Uint8Array(small.buffer, 8, 2), small]);
    expect(second).toBe(first);
    expect(other).not.toBe(first);
  });

  it('runs no code of a class that extends a typed array (U8)', () => {
    const arena = { memory: new Float64Array(32).fill(7).buffer };
    const [sent] = compact([new Vector(arena, 1)]) as [Float64Array];
    expect(sent).toEqual(Float64Array.of(7, 7, 7));
    expect(sent.buffer.byteLength).toBe(24);
  });

  it('returns the very same values where there is nothing to gain', () => {
    const memory = new ArrayBuffer(64);
    const gone = new ArrayBuffer(8);
    const views = [new Uint8Array(gone), new DataView(gone)];
    structuredClone(gone, { transfer: [gone] });
    const values = [1, {}, memory, new Uint8Array(memory), new Uint8Array(memory, 0, 40), ...views];
    values.push(Buffer.from(new SharedArrayBuffer(64), 0, 4), { nested: Buffer.from('a') });
    expect(compact(values)).toBe(values);
  });

  it('leaves a view alone whose memory moves along', () => {
    const memory = new ArrayBuffer(64);
    const values = [new Uint8Array(memory, 0, 4)];
    expect(compact(values, [memory])).toBe(values);
  });
});
