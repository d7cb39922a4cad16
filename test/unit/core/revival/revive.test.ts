import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { PoolConfigError, revive, REVIVE, type RevivableClass } from '../../../../lib/entries/core.js';

let constructed = 0;

class Point {
  constructor(
    readonly x: number,
    readonly y: number,
  ) {
    constructed++;
  }
  get norm(): number {
    return Math.hypot(this.x, this.y);
  }
}
class Pixel extends Point {
  constructor(
    x: number,
    y: number,
    readonly color: string,
  ) {
    super(x, y);
  }
}
class Route {
  static readonly [REVIVE] = { from: () => Point, stops: () => Point, next: () => Route, never: () => Point };
  from = new Point(0, 0);
  stops: readonly Point[] = [new Point(3, 4)];
  next: Route | null = null;
  other = new Point(1, 1);
}
class NamedRoute extends Route {
  static override readonly [REVIVE] = { ...Route[REVIVE], other: () => Pixel };
  declare readonly name: string;
}
class Account {
  readonly #id: number;
  static made = 0;
  private constructor(readonly id: number) {
    this.#id = id;
    Account.made++;
  }
  static open(id: number): Account {
    return new Account(id);
  }
  static [REVIVE](this: typeof Account, copy: { readonly id: number }): Account {
    return new this(copy.id);
  }
  get number(): number {
    return this.#id;
  }
}

function failure(action: () => unknown): Error {
  try {
    action();
  } catch (error) {
    return error as Error;
  }
  throw new Error('it did not fail');
}

describe('revive (U8)', () => {
  it('puts the prototype back, keeps the fields and runs no constructor', () => {
    const pixel = new Pixel(3, 4, 'red');
    const before = constructed;
    const revived = revive(structuredClone(pixel), Pixel);
    expect(revived).toBeInstanceOf(Pixel);
    expect(revived).toEqual(pixel);
    expect(revived.norm).toBe(5);
    expect(constructed).toBe(before);
  });

  it('makes an instance of the class that was asked for, not of one that extends it', () => {
    expect(Object.getPrototypeOf(revive(structuredClone(new Pixel(1, 2, 'red')), Point))).toBe(Point.prototype);
  });

  it('works in place, so not on what is frozen', () => {
    const copy = structuredClone(new Point(1, 2));
    expect(revive(copy, Point)).toBe(copy);
    expect(() => revive(Object.freeze({ x: 1 }), Point)).toThrow(TypeError);
  });

  it('revives the elements of arrays, the members of sets and the values of maps, in one another too', () => {
    const value = {
      list: [new Point(3, 4)],
      set: new Set([new Point(3, 4)]),
      map: new Map([['k', [new Point(3, 4)]]]),
    };
    const { list, set, map } = structuredClone(value);
    expect(revive(list, Point)[0]!.norm).toBe(5);
    expect([...revive(set, Point)][0]!.norm).toBe(5);
    expect(revive(map, Point).get('k')![0]!.norm).toBe(5);
  });

  it('leaves the keys of maps, holes of arrays and what is no plain object as they are', () => {
    const key = { x: 1, y: 1 };
    const sparse = [{ x: 1, y: 1 }, 'a', null] as unknown[];
    sparse[5] = 7;
    revive(new Map([[key, 1]]), Point);
    expect(Object.getPrototypeOf(key)).toBe(Object.prototype);
    expect(Object.keys(revive(sparse, Point))).toEqual(['0', '1', '2', '5']);
    for (const value of [null, undefined, 0, 'x', 1n, new Date(0), Buffer.from('x'), new Error('e'), /x/]) {
      const prototype: unknown = value instanceof Object ? Object.getPrototypeOf(value) : null;
      expect(revive(value, Point)).toBe(value);
      if (value instanceof Object) expect(Object.getPrototypeOf(value)).toBe(prototype);
    }
  });

  it('leaves an instance alone, of whichever class', () => {
    const pixel = new Pixel(1, 1, 'red');
    expect(revive(pixel, Point)).toBe(pixel);
    expect(pixel).toBeInstanceOf(Pixel);
  });

  it('revives what arrives without a prototype', () => {
    expect(revive(Object.assign(Object.create(null) as object, { x: 3, y: 4 }), Point)).toBeInstanceOf(Point);
  });

  it('revives the fields that a class names, and only those', () => {
    const route = new Route();
    route.next = new Route();
    const revived = revive(structuredClone(route), Route);
    expect(revived.from).toBeInstanceOf(Point);
    expect(revived.stops[0]!.norm).toBe(5);
    expect(revived.next!.next).toBeNull();
    expect(revived.next).toBeInstanceOf(Route);
    expect(revived.next!.from).toBeInstanceOf(Point);
    expect(revived.other).not.toBeInstanceOf(Point);
    expect(Object.keys(revived)).toEqual(Object.keys(route));
  });

  it('takes the fields of a base class along', () => {
    class Base {
      static readonly [REVIVE]: Record<string, () => RevivableClass> = { a: () => Point };
    }
    class Derived extends Base {
      static override readonly [REVIVE] = { b: () => Point };
    }
    const revived = revive({ a: { x: 1 }, b: { x: 2 }, c: {} }, Derived);
    expect([revived.a, revived.b, revived.c].map((each) => each instanceof Point)).toEqual([true, true, false]);
    expect(revive(structuredClone(new NamedRoute()), NamedRoute).other).toBeInstanceOf(Pixel);
  });

  it('keeps shared and cyclic structures as they are', () => {
    const shared = new Point(1, 1);
    const route = new Route();
    route.next = route;
    route.from = shared;
    route.stops = [shared, shared];
    const revived = revive(structuredClone([route, route]), Route);
    expect(revived[0]).toBe(revived[1]);
    expect(revived[0]!.next).toBe(revived[0]);
    expect(revived[0]!.stops[1]).toBe(revived[0]!.from);
    const endless: unknown[] = [];
    endless.push(endless);
    expect(revive(endless, Point)).toBe(endless);
  });

  it('has a class with private members make its instances itself, once for each', () => {
    const account = Account.open(7);
    const before = Account.made;
    const [first, again, other] = revive(structuredClone([account, account, Account.open(8)]), Account);
    expect([first!.number, other!.number]).toEqual([7, 8]);
    expect(again).toBe(first);
    expect(Account.made).toBe(before + 3);
    const set = revive(structuredClone(new Set([account, Account.open(9)])), Account);
    expect([...set].map(({ number }) => number)).toEqual([7, 9]);
    const map = revive(structuredClone(new Map([['a', account]])), Account);
    expect(map.get('a')!.number).toBe(7);
  });

  it('lets such a class refuse a copy', () => {
    class Picky {
      static [REVIVE](): Picky {
        throw new RangeError('no such thing');
      }
    }
    expect(failure(() => revive({}, Picky))).toEqual(new RangeError('no such thing'));
  });
});

describe('what revive refuses', () => {
  class Secret {
    #key = 1;
    key = () => this.#key;
  }
  class Sub extends Secret {}
  class Strings extends Map<string, string> {}
  class OrderError extends Error {}
  class Emitting extends EventTarget {}
  class BadWay {
    static readonly [REVIVE] = 5;
  }
  class BadField {
    static readonly [REVIVE] = { a: Point };
  }
  class NoField {
    static readonly [REVIVE] = { a: () => undefined };
  }
  class Throws {
    static readonly [REVIVE] = {
      a: () => {
        throw new ReferenceError('not yet');
      },
    };
  }
  class WrongResult {
    static [REVIVE](): unknown {
      return { x: 1 };
    }
  }

  it.each<[unknown, RegExp]>([
    [undefined, /^revive\(\) names undefined, which is no class\. Name a class of yours\.$/],
    [() => 1, /names a function, which is no class/],
    [Date, /names Date, which is built in and crosses, or not, by itself/],
    [Buffer, /names Buffer, which is built in/],
    [Secret, /names Secret, which has the private member #key: a copy has none of that.*static \[REVIVE\]\(copy\)/],
    [Sub, /names Sub, which has the private member #key by way of Secret/],
    [Strings, /names Strings, which extends Map/],
    [OrderError, /names OrderError, which extends Error/],
    [Emitting, /names Emitting, which extends EventTarget/],
    [BadWay, /names BadWay, whose static \[REVIVE\] is 5\. Make it a function of the copy, or a record/],
    [BadField, /field 'a' of BadField is function Point\. Give a function that returns the class/],
    [NoField, /field 'a' of NoField names undefined, which is no class/],
    [Throws, /field 'a' of Throws is a function that threw: not yet/],
    [WrongResult, /names WrongResult, whose static \[REVIVE\] returned an object\. Let it return an instance/],
  ])('%s', (cls, message) => {
    const error = failure(() => revive({}, cls as RevivableClass));
    expect(error).toBeInstanceOf(PoolConfigError);
    expect(error.message).toMatch(message);
  });

  it('says the same when asked again', () => {
    expect(failure(() => revive({}, Secret)).message).toBe(failure(() => revive([], Secret)).message);
  });

  it('takes what no prototype needs: abstract classes, functions as classes, emitters, static private members', () => {
    abstract class Shape {
      static #count = 0;
      static count(): number {
        return Shape.#count;
      }
      abstract area(): number;
    }
    function Old(this: { x: number }) {
      this.x = 1;
    }
    class Emitter extends EventEmitter {}
    for (const cls of [Shape, Old, Emitter]) expect(revive({}, cls as RevivableClass)).toBeInstanceOf(cls as never);
    expect(revive(structuredClone(new Emitter()), Emitter).emit('x')).toBe(false);
  });
});
