import { EventEmitter } from 'node:events';
import { open } from 'node:fs/promises';
import { MessageChannel, type Transferable } from 'node:worker_threads';
import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { TaskCloneError } from '../../../../lib/core/errors.js';
import { cloneError, findUncloneable, isCloneError } from '../../../../lib/engines/thread/wire/clone-path.js';

const { port1, port2 } = new MessageChannel();
afterAll(() => {
  port1.close();
  port2.close();
});

const call = () => 1;

class Shape {
  readonly #area = 4;
  readonly corners = 4;
  get area() {
    return this.#area;
  }
}
class Node {
  constructor(
    readonly value: unknown,
    readonly next: Node | null = null,
  ) {}
}

/** Views and buffers whose memory has moved away. */
function detached<T>(make: (buffer: ArrayBuffer) => T): T {
  const buffer = new ArrayBuffer(8);
  const value = make(buffer);
  structuredClone(buffer, { transfer: [buffer] });
  return value;
}

function refusalOf(value: unknown, transfer?: Transferable[]): unknown {
  try {
    structuredClone(value, transfer && { transfer });
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('findUncloneable', () => {
  it.each<[string, string, unknown]>([
    ['args[0]', 'a function', [call]],
    ['args[1]', 'a class', [1, Shape]],
    ['args[0].socket', 'a function', [{ host: 'a', socket: call }]],
    ['args[1]["odd key"]', 'a symbol', [0, { 'odd key': Symbol('s') }]],
    ['args[0].a.b[2]', 'a Promise', [{ a: { b: [1, 2, Promise.resolve()] } }]],
    ['args[0].größe', 'a WeakMap', [{ größe: new WeakMap() }]],
    ['args[0]["0"]', 'a WeakSet', [{ 0: new WeakSet() }]],
    ['args[0].extra', 'a function', [Object.assign([1, 2], { extra: call })]],
    ['args[0][3]', 'a function', [Object.assign([], { 3: call })]],
    ['args[0].get("k")', 'a function', [new Map([['k', call]])]],
    ['args[0].get(7).x', 'a function', [new Map([[7, { x: call }]])]],
    ['args[0].get(7n)', 'a function', [new Map([[7n, call]])]],
    [
      'args[0]<value 1>',
      'a function',
      [
        new Map<object, unknown>([
          [{}, 1],
          [{}, call],
        ]),
      ],
    ],
    ['args[0]<key 0>', 'a function', [new Map([[call, 1]])]],
    ['args[0]<key 0>.id', 'a symbol', [new Map([[{ id: Symbol('s') }, 1]])]],
    ['args[0]<item 1>', 'a symbol', [new Set([1, Symbol('s')])]],
    ['args[0].emitter._events.ready', 'a function', [{ emitter: new EventEmitter().on('ready', call) }]],
    ['args[0].value', 'a function', [new Node(call)]],
    ['args[0].cause', 'a function', [new Error('e', { cause: call })]],
    ['args[0]', 'a WeakRef', [new WeakRef({})]],
    ['args[0]', 'a Generator', [(function* () {})()]],
    ['args[0]', 'a Proxy', [new Proxy({}, {})]],
    [
      'args[0]',
      'an Arguments',
      [
        (function () {
          return arguments;
        })(),
      ],
    ],
    ['args[0]', 'a Symbol', [Object(Symbol('s'))]],
    ['args[0].bytes', 'a detached ArrayBuffer', [{ bytes: detached((buffer) => buffer) }]],
    ['args[0].bytes', 'a detached ArrayBuffer', [{ bytes: detached((buffer) => new Uint8Array(buffer)) }]],
    ['args[0].bytes', 'a detached ArrayBuffer', [{ bytes: detached((buffer) => new DataView(buffer)) }]],
    ['args[0].port', 'a MessagePort (transfer it)', [{ port: port1 }]],
    ['args[0]', 'a ReadableStream (transfer it)', [new ReadableStream()]],
    [
      'args[0].x',
      'a getter that throws',
      [
        {
          get x(): number {
            throw new Error('no');
          },
        },
      ],
    ],
  ])('says that %s is %s', (path, what, value) => {
    expect(refusalOf(value)).toBeDefined();
    expect(findUncloneable(value, 'args')).toEqual({ path, what });
  });

  it('says that an open file must be transferred', async () => {
    await using file = await open(process.execPath);
    expect(findUncloneable({ file }, 'result')).toEqual({ path: 'result.file', what: 'a FileHandle (transfer it)' });
  });

  it('says that a module cannot be sent', async () => {
    const module: unknown = await import('../../../../lib/engines/thread/wire/buffers.js');
    expect(findUncloneable([module], 'args')).toEqual({ path: 'args[0]', what: 'a module' });
  });

  it.each([
    ['plain data', { a: [1, 'x', null, undefined, 2n], b: { c: new Date(0) } }],
    ['class instances, private fields and getters included', [new Shape(), new Node(1, new Node(2))]],
    ['collections', [new Map([[{}, new Set([1])]]), /x/g, new Error('e')]],
    ['memory', [new ArrayBuffer(8), new SharedArrayBuffer(8), Buffer.from('x'), new DataView(new ArrayBuffer(1))]],
    ['errors with properties that cloning drops', Object.assign(new Error('e'), { call })],
    ['a property that is not enumerable', Object.defineProperty({}, 'call', { value: call })],
  ])('finds nothing in %s', (_, value) => {
    expect(refusalOf(value)).toBeUndefined();
    expect(findUncloneable(value, 'args')).toBeNull();
  });

  it('finds nothing in what is transferred, however deep it sits', () => {
    const value = { plain: { port: port1 }, own: new Node({ port: port1 }), again: port1 };
    expect(findUncloneable(value, 'args', [port1])).toBeNull();
    expect(findUncloneable({ ...value, call }, 'args', [port1])?.path).toBe('args.call');
  });

  it('comes to an end on cycles', () => {
    const cyclic: Record<string, unknown> = { list: [] };
    cyclic['self'] = cyclic;
    (cyclic['list'] as unknown[]).push(cyclic, new Map([[cyclic, cyclic]]));
    expect(findUncloneable(cyclic, 'result')).toBeNull();
    expect(findUncloneable({ ...cyclic, last: call }, 'result')?.path).toBe('result.last');
  });

  it('does not lose its way in deep structures', () => {
    const nest = (depth: number, core: unknown) => {
      let value = core;
      for (let level = 0; level < depth; level++) value = { in: value };
      return value;
    };
    expect(findUncloneable([nest(150, call)], 'args')?.path).toBe(`args[0]${'.in'.repeat(150)}`);
    expect(findUncloneable([nest(1_000, 1), call], 'args')).toEqual({ path: 'args[1]', what: 'a function' });
    const tooDeep = { path: 'args', what: 'a structure too deep or too large to search' };
    expect(findUncloneable([nest(1_000, call)], 'args')).toEqual(tooDeep);
    expect(findUncloneable([nest(100_000, 1)], 'args')).toEqual(tooDeep);
  });

  it('finds the odd one out of many', () => {
    const rows: unknown[] = Array.from({ length: 100_000 }, (_, id) => ({ id }));
    rows.push({ id: call });
    expect(findUncloneable(rows, 'result')?.path).toBe('result[100000].id');
  });

  it('survives objects that lie about themselves', () => {
    const explode = () => {
      throw new Error('trap');
    };
    const liar = Object.defineProperties(new WeakMap(), {
      constructor: { get: explode },
      [Symbol.toStringTag]: { get: explode },
    });
    expect(findUncloneable([liar], 'args')).toEqual({ path: 'args[0]', what: 'an object' });
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(findUncloneable({ proxy }, 'args')).toEqual({ path: 'args.proxy', what: 'a Proxy' });
  });

  it('finds something exactly where structured clone refuses', () => {
    const leaf = fc.oneof(
      {
        weight: 8,
        arbitrary: fc.oneof(fc.integer(), fc.string(), fc.constant(null), fc.date(), fc.constant(new Shape())),
      },
      { weight: 1, arbitrary: fc.constantFrom<unknown>(call, Symbol('s'), new WeakMap(), Promise.resolve(), port2) },
    );
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(fc.string(), tie('tree'), { maxKeys: 4 }),
        fc.array(fc.tuple(tie('tree'), tie('tree')), { maxLength: 3 }).map((entries) => new Map(entries)),
        fc.array(tie('tree'), { maxLength: 3 }).map((items) => new Set(items)),
        tie('tree').map((value) => new Node(value)),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        const refusal = refusalOf(value);
        expect(findUncloneable(value, 'args') !== null).toBe(refusal !== undefined);
        expect(isCloneError(refusal)).toBe(refusal !== undefined);
      }),
      { seed: 2, numRuns: 300 },
    );
  });
});

describe('isCloneError', () => {
  it.each<[string, unknown]>([
    ['a function', refusalOf(call)],
    ['a port that is not transferred', refusalOf({ port1 })],
    [
      'a transfer list with a duplicate',
      (() => {
        const buffer = new ArrayBuffer(1);
        return refusalOf(buffer, [buffer, buffer]);
      })(),
    ],
  ])('tells the refusal of %s', (_, error) => {
    expect(isCloneError(error)).toBe(true);
  });

  it.each<[string, unknown]>([
    ['an error of a getter', new Error('boom')],
    ['another DOMException', new DOMException('a', 'AbortError')],
    ['an error of the same name', Object.assign(new Error('x'), { name: 'DataCloneError' })],
    ['nothing', undefined],
  ])('is false for %s', (_, error) => {
    expect(isCloneError(error)).toBe(false);
  });
});

describe('cloneError', () => {
  it('names the pool, the task, the part, what it is and the way out', () => {
    const args = [{ socket: call }];
    const cause = refusalOf(args);
    const error = cloneError('images', 'Thumbs.make', args, 'args', cause);
    expect(error).toBeInstanceOf(TaskCloneError);
    expect(error).toMatchObject({ pool: 'images', path: 'args[0].socket', code: 'TASK_CLONE', cause });
    expect(error.message).toBe(
      "pool 'images', task 'Thumbs.make': args[0].socket is a function and cannot be sent to a worker thread. " +
        'Send plain data, transfer it, or create it inside the worker.',
    );
  });

  it('speaks of the way back for a result', () => {
    expect(cloneError('images', 'make', { items: [call] }, 'result').message).toBe(
      "pool 'images', task 'make': result.items[0] is a function and cannot be sent back from a worker thread. " +
        'Return plain data, or move it with transfer().',
    );
  });

  it('passes on the reason where no part is to blame', () => {
    const buffer = new ArrayBuffer(1);
    const error = cloneError('p', 't', [buffer], 'args', refusalOf(buffer, [buffer, buffer]), [buffer, buffer]);
    expect(error.path).toBe('args');
    expect(error.message).toMatch(
      /^pool 'p', task 't': args cannot be sent to a worker thread \(.*duplicate.*\)\. Send/,
    );
  });

  it('leaves out what is not known', () => {
    const error = cloneError(undefined, undefined, call, 'result');
    expect(error.message).toMatch(/^result is a function/);
    expect(Object.hasOwn(error, 'cause')).toBe(false);
  });
});
