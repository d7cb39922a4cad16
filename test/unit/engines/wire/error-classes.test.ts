import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { PoolConfigError, PoolFullError, TaskCloneError } from '../../../../lib/core/errors.js';
import { ErrorClasses, type ErrorClass } from '../../../../lib/engines/thread/wire/error-classes.js';

class OrderError extends Error {}
class LateOrderError extends OrderError {}

describe('ErrorClasses', () => {
  it.each([Error, TypeError, RangeError, SyntaxError, ReferenceError, URIError, EvalError, AggregateError])(
    'knows $name from the start',
    (known) => {
      expect(new ErrorClasses().find([known.name, 'Error'])).toBe(known);
    },
  );

  it('knows DOMException where that extends the Error of another realm, as under jest', () => {
    const { prototype } = DOMException;
    const error: unknown = Object.getPrototypeOf(prototype);
    Object.setPrototypeOf(prototype, runInNewContext('Error.prototype') as object);
    try {
      expect(new ErrorClasses().find(['DOMException', 'Error'])).toBe(DOMException);
    } finally {
      Object.setPrototypeOf(prototype, error as object);
    }
  });

  it('knows the errors of this library from the start', () => {
    const classes = new ErrorClasses();
    expect(classes.find(['PoolFullError', 'PoolError', 'Error'])).toBe(PoolFullError);
    expect(classes.find(['TaskCloneError', 'PoolError', 'Error'])).toBe(TaskCloneError);
  });

  it('finds the most derived class that is registered', () => {
    const classes = new ErrorClasses([OrderError]);
    const chain = ['LateOrderError', 'OrderError', 'Error'];
    expect(classes.find(chain)).toBe(OrderError);
    classes.register(LateOrderError);
    expect(classes.find(chain)).toBe(LateOrderError);
  });

  it('finds nothing for names it does not know, inherited property names among them', () => {
    expect(new ErrorClasses().find(['__proto__', 'constructor', 'toString'])).toBeUndefined();
    expect(new ErrorClasses().find([])).toBeUndefined();
  });

  it('takes the later of two classes with one name', () => {
    const later = { OrderError: class OrderError extends Error {} }.OrderError;
    expect(new ErrorClasses([OrderError, later]).find(['OrderError'])).toBe(later);
  });

  it.each([
    ["'Date'", Date],
    ['an anonymous class', (() => class extends Error {})()],
    ['a value of type object', new Error('an instance')],
    ['a value of type null', null],
    ['a value of type string', 'OrderError'],
  ])('refuses %s', (told, cls) => {
    const register = () => new ErrorClasses([cls as unknown as ErrorClass]);
    expect(register).toThrow(PoolConfigError);
    expect(register).toThrow(`errors: ${told} cannot be revived.`);
  });
});
