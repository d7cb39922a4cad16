import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { types } from 'node:util';
import { runInNewContext } from 'node:vm';
import { BadRequestException, HttpException } from '@nestjs/common';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PoolFullError, TaskCloneError } from '../../../../lib/core/errors.js';
import { ErrorClasses, type ErrorClass } from '../../../../lib/engines/thread/wire/error-classes.js';
import { decodeError, encodeError } from '../../../../lib/engines/thread/wire/error-codec.js';

/** Over the boundary and back to life. */
function cross<T = Error>(thrown: unknown, ...classes: ErrorClass[]): T {
  return decodeError(structuredClone(encodeError(thrown)), new ErrorClasses(classes)) as T;
}

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

class OrderError extends Error {
  constructor(
    readonly orderId: number,
    readonly at: Date,
  ) {
    super(`order ${orderId} failed`);
    if (constructed.refuse) throw new Error('the constructor ran');
  }
}
const constructed = { refuse: false };

describe('an error that crosses the boundary (U4)', () => {
  it('keeps class, message and stack, and is a native error again', () => {
    const error = new RangeError('too far');
    const revived = cross(error);
    expect(revived).toBeInstanceOf(RangeError);
    expect(Object.getPrototypeOf(revived)).toBe(RangeError.prototype);
    expect(types.isNativeError(revived)).toBe(true);
    expect(revived.message).toBe('too far');
    expect(revived.stack).toBe(error.stack);
    expect(Object.keys(revived)).toEqual([]);
  });

  it('is of its registered class, without running the constructor', () => {
    const error = new OrderError(7, new Date(0));
    constructed.refuse = true;
    try {
      const revived = cross<OrderError>(error, OrderError);
      expect(revived).toBeInstanceOf(OrderError);
      expect(revived).toMatchObject({ orderId: 7, at: new Date(0), message: 'order 7 failed', name: 'Error' });
    } finally {
      constructed.refuse = false;
    }
  });

  it('falls back to the nearest known class and keeps its name where its own is unknown', () => {
    class MissingRowError extends TypeError {
      override readonly name = 'MissingRowError';
    }
    const revived = cross(new MissingRowError('row 3'));
    expect(Object.getPrototypeOf(revived)).toBe(TypeError.prototype);
    expect(revived.name).toBe('MissingRowError');
  });

  it('keeps a name that its class only inherits', () => {
    class QuietError extends Error {}
    QuietError.prototype.name = 'QuietError';
    const unknown = cross(new QuietError('q'));
    expect(Object.getOwnPropertyDescriptor(unknown, 'name')).toMatchObject({ value: 'QuietError', enumerable: false });
    expect(Object.hasOwn(cross(new QuietError('q'), QuietError), 'name')).toBe(false);
  });

  it('is the same HttpException with the same status and body', () => {
    const error = new BadRequestException(['a must be a number'], {
      cause: new Error('below'),
      description: 'Invalid',
    });
    const revived = cross<BadRequestException>(error, HttpException, BadRequestException);
    expect(revived).toBeInstanceOf(BadRequestException);
    expect(revived.getStatus()).toBe(400);
    expect(revived.getResponse()).toEqual(error.getResponse());
    expect(revived.name).toBe('BadRequestException');
    expect(revived.cause).toBeInstanceOf(Error);
    expect(Object.keys(revived).sort()).toEqual(Object.keys(error).sort());
  });

  it('is a PoolError again with all it tells', () => {
    const error = new PoolFullError('full', { pool: 'images', retryAfterMs: 250, cause: 'load' });
    const revived = cross<PoolFullError>(error);
    expect(revived).toBeInstanceOf(PoolFullError);
    expect({ ...revived }).toEqual({ ...error });
    expect(revived).toMatchObject({ statusCode: 503, cause: 'load', name: 'PoolFullError' });
  });

  it('keeps the codes of system errors', () => {
    const revived = cross(thrownBy(() => readFileSync('/does/not/exist')));
    expect(revived).toMatchObject({ code: 'ENOENT', syscall: 'open', path: '/does/not/exist', errno: -2 });
  });

  it('keeps Buffers in its properties Buffers', () => {
    const script = 'process.stderr.write("no luck"); process.exit(3)';
    const error = thrownBy(() => execFileSync(process.execPath, ['-e', script], { stdio: 'pipe' }));
    const revived = cross<{ status: number; stderr: Buffer; output: (Buffer | null)[] }>(error);
    expect(revived.status).toBe(3);
    expect(revived.stderr.toString()).toBe('no luck');
    expect(Buffer.isBuffer(revived.output[2])).toBe(true);
    expect(revived.stderr.buffer.byteLength).toBe('no luck'.length);
  });

  it('keeps its causes, whatever they are', () => {
    const revived = cross(new Error('top', { cause: new TypeError('middle', { cause: { code: 7 } }) }));
    const cause = revived.cause as Error;
    expect(cause).toBeInstanceOf(TypeError);
    expect(cause.cause).toEqual({ code: 7 });
    expect(Object.getOwnPropertyDescriptor(revived, 'cause')?.enumerable).toBe(false);
    expect(cross(new Error('top', { cause: undefined }))).toHaveProperty('cause', undefined);
    expect(Object.hasOwn(cross(new Error('top')), 'cause')).toBe(false);
  });

  it('keeps a cyclic cause cyclic, and a shared one shared', () => {
    const error: Error & { original?: Error } = new Error('a');
    error.cause = new Error('b', { cause: error });
    error.original = error.cause as Error;
    const revived = cross<typeof error>(error);
    expect((revived.cause as Error).cause).toBe(revived);
    expect(revived.original).toBe(revived.cause);
  });

  it('drops causes more than 16 levels down', () => {
    let error = new Error('0');
    for (let level = 1; level <= 1_000; level++) error = new Error(`${level}`, { cause: error });
    const messages: string[] = [];
    for (let next: unknown = cross(error); next instanceof Error; next = next.cause) messages.push(next.message);
    expect(messages).toHaveLength(17);
    expect(messages[0]).toBe('1000');
  });

  it('keeps every error of an AggregateError, and thrown values among them', () => {
    const error = new AggregateError([new OrderError(1, new Date(0)), 'text', () => 1, null], 'all failed');
    const revived = cross<AggregateError>(error, OrderError);
    expect(revived).toBeInstanceOf(AggregateError);
    expect(revived.errors).toHaveLength(4);
    expect(revived.errors[0]).toBeInstanceOf(OrderError);
    expect(revived.errors[1]).toBe('text');
    expect(revived.errors[2]).toMatchObject({ name: 'TaskCloneError', path: 'thrown.errors[2]' });
    expect(revived.errors[3]).toBeNull();
    expect(Object.keys(revived)).toEqual([]);
  });

  it('keeps errors in its own properties', () => {
    const revived = cross<Error & { original: Error }>(
      Object.assign(new Error('wrapped'), { original: new OrderError(2, new Date(0)) }),
      OrderError,
    );
    expect(revived.original).toBeInstanceOf(OrderError);
  });

  it('leaves out only what cannot be cloned', () => {
    const error = Object.assign(new Error('partly'), {
      code: 'E_PART',
      retry: () => 1,
      request: { socket: () => 1 },
      pending: Promise.resolve(),
      tag: Symbol('tag'),
      [Symbol('hidden')]: 1,
      ['__proto__x']: 1,
      config: { url: '/a' },
    });
    const revived = cross(error);
    expect({ ...revived }).toEqual({ code: 'E_PART', __proto__x: 1, config: { url: '/a' } });
  });

  it('does not let a property called __proto__ change the class', () => {
    const error = new Error('hostile');
    Object.defineProperty(error, '__proto__', { value: { polluted: true }, enumerable: true });
    const revived = cross(error);
    expect(revived).toBeInstanceOf(Error);
    expect('polluted' in revived).toBe(false);
  });

  it('is not changed by what happens to the original afterwards', () => {
    const error = Object.assign(new Error('then'), { state: { step: 1 } });
    const wire = encodeError(error);
    error.state.step = 2;
    expect(decodeError(wire, new ErrorClasses())).toMatchObject({ state: { step: 1 } });
  });

  it('of another realm is an error here', () => {
    const revived = cross(runInNewContext('Object.assign(new TypeError("elsewhere"), { code: 1 })'));
    expect(revived).toBeInstanceOf(TypeError);
    expect(revived).toMatchObject({ message: 'elsewhere', code: 1 });
  });
});

describe('a DOMException that crosses the boundary', () => {
  it.each([
    ['AbortError', () => AbortSignal.abort().reason as unknown],
    ['TimeoutError', () => new DOMException('late', 'TimeoutError')],
    ['DataCloneError', () => thrownBy(() => structuredClone(() => 1))],
  ])('%s stays a DOMException with its name, code and stack', (name, make) => {
    const thrown = make() as DOMException;
    const revived = cross<DOMException>(thrown);
    expect(revived).toBeInstanceOf(DOMException);
    expect(revived).toMatchObject({ name, code: thrown.code, message: thrown.message, stack: thrown.stack });
  });

  it('may be of a registered subclass', () => {
    class StoppedError extends DOMException {}
    const revived = cross<DOMException>(new StoppedError('stop', 'AbortError'), StoppedError);
    expect(revived).toBeInstanceOf(StoppedError);
    expect(revived.name).toBe('AbortError');
  });
});

describe('a thrown value that is no error', () => {
  it.each([['text'], [0], [-0], [NaN], [12n], [true], [null], [undefined], [{ code: 1, at: new Date(5) }], [[1, [2]]]])(
    'survives as itself: %s',
    (value) => {
      expect(cross<unknown>(value)).toStrictEqual(value);
    },
  );

  it('survives as a Buffer where it is or holds one', () => {
    const revived = cross<{ body: Buffer }>({ body: Buffer.from('hello') });
    expect(revived.body.toString()).toBe('hello');
    expect(cross<Buffer>(Buffer.from('hello')).toString('latin1')).toBe('hello');
  });

  it.each([
    ['thrown', 'a function', () => 1],
    ['thrown', 'a symbol', Symbol('s')],
    ['thrown.handler', 'a function', { code: 1, handler: () => 1 }],
    ['thrown', 'a Promise', Promise.resolve()],
    ['thrown', 'a Proxy', new Proxy({}, {})],
  ])('becomes a TaskCloneError where it cannot be cloned: %s is %s', (path, what, value) => {
    const revived = cross<TaskCloneError>(value);
    expect(revived).toBeInstanceOf(TaskCloneError);
    expect(revived.path).toBe(path);
    expect(revived.message).toBe(
      `${path} is ${what} and cannot be sent to another thread. Throw an Error or plain data.`,
    );
  });

  it('names the pool and the task where they are known', () => {
    const wire = encodeError(() => 1, { pool: 'images', task: 'Thumbs.make' });
    expect(decodeError(wire, new ErrorClasses())).toMatchObject({
      pool: 'images',
      message: expect.stringMatching(/^pool 'images', task 'Thumbs.make': thrown is a function/),
    });
  });
});

describe('a hostile error', () => {
  const explode = () => {
    throw new Error('trap');
  };
  const revoked = Proxy.revocable(new Error('gone'), {});
  revoked.revoke();
  const everyTrap = Object.fromEntries(Reflect.ownKeys(Reflect).map((trap) => [trap, explode]));

  it.each<[string, unknown, object]>([
    ['frozen', Object.freeze(Object.assign(new TypeError('cold'), { code: 1 })), { message: 'cold', code: 1 }],
    ['without a prototype', Object.setPrototypeOf(new Error('bare'), null), { message: 'bare', name: 'Error' }],
    ['with a message that throws', Object.defineProperty(new Error('m'), 'message', { get: explode }), { message: '' }],
    ['with a name that throws', Object.defineProperty(new TypeError('n'), 'name', { get: explode }), { message: 'n' }],
    [
      'with a stack that throws',
      Object.defineProperty(new Error('s'), 'stack', { get: explode }),
      { stack: 'Error: s' },
    ],
    ['with a property that throws', Object.defineProperty(new Error('p'), 'x', { get: explode, enumerable: true }), {}],
    ['with a message that is no text', Object.assign(new Error(), { message: { a: 1 } }), { message: { a: 1 } }],
    ['made of Object.create', Object.assign(Object.create(RangeError.prototype), { message: 'c' }), { message: 'c' }],
    ['behind a Proxy', new Proxy(new Error('seen through'), {}), { message: 'seen through' }],
    [
      'behind a Proxy of which only the prototype works',
      new Proxy(new Error('x'), { ...everyTrap, getPrototypeOf: () => Error.prototype }),
      { message: '' },
    ],
    ['behind a Proxy that always throws', new Proxy(new Error('x'), everyTrap), { code: 'TASK_CLONE' }],
    ['behind a revoked Proxy', revoked.proxy, { code: 'TASK_CLONE' }],
    [
      'with a Proxy inside',
      Object.assign(new Error('i'), { inner: revoked.proxy, list: [revoked.proxy] }),
      { message: 'i' },
    ],
    [
      'with a class whose name is no text',
      new (class extends Error {
        static override readonly name: string = 3 as never;
      })('z'),
      { message: 'z' },
    ],
  ])('%s is encoded all the same', (_, thrown, expected) => {
    const revived = cross(thrown);
    expect(revived).toBeInstanceOf(Error);
    expect(revived).toMatchObject(expected);
  });

  it('with a name that needs private fields is revived all the same', () => {
    class CodedError extends Error {
      readonly #code = 'E7';
      override get name() {
        return `Coded ${this.#code}`;
      }
    }
    const revived = cross(new CodedError('private'), CodedError);
    expect(revived).toBeInstanceOf(CodedError);
    expect(revived.name).toBe('Coded E7');
  });

  it('whose getter makes a new cause on every read comes to an end', () => {
    const endless = (): Error => Object.defineProperty(new Error('more'), 'cause', { get: endless });
    expect(cross(endless())).toHaveProperty('cause.cause.message', 'more');
  });
});

describe('any error', () => {
  const names = fc
    .stringMatching(/^[a-z][a-zA-Z]{0,8}$/)
    .filter((key) => !['stack', 'message', 'name', 'cause'].includes(key));
  const cloneable = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
  });

  it('keeps message, name, cause and every property that can be cloned', () => {
    const properties = fc.dictionary(names, cloneable, { maxKeys: 4, noNullPrototype: true });
    fc.assert(
      fc.property(fc.string(), fc.string(), properties, cloneable, (message, name, own, cause) => {
        const error = Object.assign(new TypeError(message, { cause }), own);
        Object.defineProperty(error, 'name', { value: name, configurable: true });
        const revived = cross(error);
        expect(revived).toBeInstanceOf(TypeError);
        expect(revived.message).toBe(message);
        expect(revived.name).toBe(name);
        expect(revived.cause).toEqual(structuredClone(cause));
        expect({ ...revived }).toEqual(structuredClone(own));
      }),
      { seed: 2, numRuns: 200 },
    );
  });

  it('or other value is encoded without throwing, as something that can be cloned', () => {
    const weird = fc.oneof(
      fc.anything({ withObjectString: true, withNullPrototype: true, withSparseArray: true }),
      fc.func(fc.anything()),
      fc.constant(Symbol('s')),
    );
    fc.assert(
      fc.property(weird, weird, weird, (thrown, cause, own) => {
        expect(() => cross(thrown)).not.toThrow();
        expect(cross(Object.assign(new Error('e', { cause }), { own, list: [own, new Error('f')] }))).toBeInstanceOf(
          Error,
        );
      }),
      { seed: 2, numRuns: 200 },
    );
  });
});
