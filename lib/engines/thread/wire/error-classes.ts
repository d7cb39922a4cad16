import * as poolErrors from '../../../core/errors.js';

/** A class of errors; its constructor is never called by this library. */
export type ErrorClass = abstract new (...args: never[]) => Error;

const BUILT_IN: readonly ErrorClass[] = [
  Error,
  TypeError,
  RangeError,
  SyntaxError,
  ReferenceError,
  URIError,
  EvalError,
  AggregateError,
  DOMException,
];

/**
 * The error classes that may be revived on this side of the thread boundary, by class name. Those of JavaScript,
 * `DOMException` and every `PoolError` are known from the start. Of two classes with one name the later wins.
 */
export class ErrorClasses {
  readonly #byName = new Map<string, ErrorClass>();

  /** Throws `PoolConfigError` where one of `classes` is not a named class of errors. */
  constructor(classes: Iterable<ErrorClass> = []) {
    // Unchecked: in a realm of its own, as jest gives tests, DOMException extends the Error of another.
    for (const known of BUILT_IN) this.#byName.set(known.name, known);
    for (const known of [...Object.values(poolErrors), ...classes]) this.register(known);
  }

  /** Adds a class. Throws `PoolConfigError` where it is not a named class of errors. */
  register(cls: ErrorClass): void {
    if (!isErrorClass(cls)) {
      throw new poolErrors.PoolConfigError(
        `errors: ${describe(cls)} cannot be revived. List classes that extend Error and have a name.`,
      );
    }
    this.#byName.set(cls.name, cls);
  }

  /** The most derived registered class of a chain of class names, the thrown error's own class first. */
  find(names: readonly string[]): ErrorClass | undefined {
    for (const name of names) {
      const found = this.#byName.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

function isErrorClass(cls: unknown): boolean {
  if (typeof cls !== 'function' || cls.name === '') return false;
  for (let p = cls.prototype as object | null; p; p = Object.getPrototypeOf(p) as object | null) {
    // By name: in jest and under vmThreads of vitest there are two, since `DOMException` keeps Node's own.
    if (p === Error.prototype || p.constructor.name === 'Error') return true;
  }
  return false;
}

function describe(cls: unknown): string {
  if (typeof cls === 'function') return cls.name === '' ? 'an anonymous class' : `'${cls.name}'`;
  return `a value of type ${cls === null ? 'null' : typeof cls}`;
}
