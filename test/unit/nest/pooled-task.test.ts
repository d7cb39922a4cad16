import 'reflect-metadata';
import { SetMetadata } from '@nestjs/common';
import { lastValueFrom, Observable, of, Subject } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { PoolConfigError, PooledTask, type PooledTaskOptions } from '../../../lib/index.js';
import { pooledMethods, taskName } from '../../../lib/nest/pooled-methods.js';
import { collect } from '../../support/collect.js';
import { ComposedService } from '../../fixtures/nest/composed.service.js';
import { DecoratedService } from '../../fixtures/nest/decorated.service.js';

type Decorate = (target: object, key: string | symbol, descriptor?: PropertyDescriptor) => void;

/** Decorates as JavaScript would, where no compiler objects. */
function decorate(target: object, key: string | symbol, options: unknown = 'images'): void {
  const descriptor = Object.getOwnPropertyDescriptor(target, key);
  (PooledTask(options as string) as Decorate)(target, key, descriptor);
  if (descriptor) Object.defineProperty(target, key, descriptor);
}

describe('@PooledTask', () => {
  test('leaves name, length and metadata of the method as they were', () => {
    const { described } = DecoratedService.prototype;
    expect([described.name, described.length]).toEqual(['described', 2]);
    expect(Reflect.getMetadata('below', described)).toBe(1);
    expect(described).not.toBe(pooledMethods(DecoratedService).get('described')!.original);
  });

  test('lets decorators above it see the method as they would without it', () => {
    class Service {
      @SetMetadata('above', 2)
      @PooledTask('images')
      async run(): Promise<void> {}
    }
    expect(Reflect.getMetadata('above', Service.prototype.run)).toBe(2);
  });

  test('notes the file that declares the class', () => {
    const file = new URL('../../fixtures/nest/decorated.service.js', import.meta.url).href;
    expect(pooledMethods(DecoratedService).get('run')!.file).toBe(file);
  });

  test('notes it through decorators composed in other files', () => {
    const file = new URL('../../fixtures/nest/composed.service.js', import.meta.url).href;
    expect(pooledMethods(ComposedService).get('thread')!.file).toBe(file);
  });

  test('names a task after its class and method, or as it is told', () => {
    class Service {
      @PooledTask('images')
      async plain(): Promise<void> {}
      @PooledTask({ pool: 'images', name: 'special' })
      async named(): Promise<void> {}
    }
    expect([...pooledMethods(Service).values()].map((method) => taskName(Service, method))).toEqual([
      'Service.plain',
      'special',
    ]);
  });

  test('is inherited, but an override without it is not pooled', () => {
    class Base {
      @PooledTask('images')
      async kept(): Promise<void> {}
      @PooledTask('images')
      async overridden(): Promise<void> {}
    }
    class Derived extends Base {
      override async overridden(): Promise<void> {}
    }
    class Again extends Derived {
      @PooledTask('images')
      override async overridden(): Promise<void> {}
    }
    const names = [Base, Derived, Again].map((cls) => [...pooledMethods(cls).keys()]);
    expect(names).toEqual([['kept', 'overridden'], ['kept'], ['kept', 'overridden']]);
  });

  test('runs the method in place, with its `this`, while no pool module is loaded', async () => {
    class Service {
      readonly factor = 3;
      @PooledTask('images')
      async times(n: number): Promise<number> {
        return n * this.factor;
      }
    }
    expect(await new Service().times(2)).toBe(6);
  });

  test('compiles on methods that return a promise, an async iterable or an Observable, and on no others (P11)', () => {
    const declarations = [
      () => {
        class Service {
          // @ts-expect-error a caller that gets no promise cannot wait for the worker
          @PooledTask('images')
          sync(): number {
            return 1;
          }
        }
        return Service;
      },
      () => {
        class Service {
          // @ts-expect-error a loop over it cannot wait for the worker
          @PooledTask('images')
          *items(): Generator<number> {
            yield 1;
          }
        }
        return Service;
      },
      () => {
        class Service {
          // @ts-expect-error nor can a reader of an array
          @PooledTask('images')
          list(): number[] {
            return [1];
          }
        }
        return Service;
      },
    ];
    for (const declare of declarations) expect(declare).toThrow(PoolConfigError);
    class Service {
      @PooledTask('images')
      async *items(): AsyncGenerator<number> {
        yield 1;
      }
      @PooledTask('images')
      iterable(): AsyncIterable<number> {
        return this.items();
      }
      @PooledTask('images')
      pushed(): Observable<number> {
        return of(1);
      }
      @PooledTask('images')
      async promised(): Promise<number> {
        return 1;
      }
    }
    expect([...pooledMethods(Service).values()].map(({ answer }) => answer.kind)).toEqual([
      'generator',
      'either',
      'observable',
      'promise',
    ]);
  });

  test('leaves generators and Observables as they are while no pool module is loaded (P11)', async () => {
    class Service {
      @PooledTask('images')
      async *items(): AsyncGenerator<number> {
        yield 1;
        yield 2;
      }
      @PooledTask('images')
      pushed(): Observable<number> {
        return of(3, 4);
      }
    }
    expect(await collect(new Service().items())).toEqual([1, 2]);
    expect(await lastValueFrom(new Service().pushed())).toBe(4);
  });
});

describe('where types are off, @PooledTask refuses', () => {
  class Service {
    static async shared(): Promise<void> {}
    sync(): number {
      return 1;
    }
    undeclared() {
      return Promise.resolve();
    }
    pushable(): Subject<number> {
      return new Subject();
    }
    *items(): Generator<number> {
      yield 1;
    }
    get size(): number {
      return 1;
    }
    async [Symbol.for('task')](): Promise<void> {}
    declared(): Promise<void> {
      return Promise.resolve();
    }
    aliased(): Promise<void> {
      return Promise.resolve();
    }
    async fine(): Promise<void> {}
  }
  Reflect.defineMetadata('design:returntype', Number, Service.prototype, 'sync');
  Reflect.defineMetadata('design:returntype', Promise, Service.prototype, 'declared');
  Reflect.defineMetadata('design:returntype', Object, Service.prototype, 'aliased');
  Reflect.defineMetadata('design:returntype', Subject, Service.prototype, 'pushable');
  const { prototype } = Service;

  test.each([
    [
      'a method that returns no promise',
      prototype,
      'sync',
      /Service\.sync: the method returns Number.* Make it async\./,
    ],
    [
      'what others push into',
      prototype,
      'pushable',
      /Service\.pushable: the method returns Subject; its caller must await the worker/,
    ],
    [
      'a generator that is not async',
      prototype,
      'items',
      /Service\.items: the method is a generator that is not async.*Make it async \*\./,
    ],
    ['an accessor', prototype, 'size', /Service\.size: the method is not a method/],
    ['a method named by a symbol', prototype, Symbol.for('task'), /Symbol\(task\): the method is named by a symbol/],
    ['a static method', Service, 'shared', /Service\.shared: the method is static/],
  ])('%s', (_, target, key, message) => {
    expect(() => decorate(target, key)).toThrow(PoolConfigError);
    expect(() => decorate(target, key)).toThrow(message);
  });

  test('nothing that is declared to return a promise, or may; where compilers say nothing, the call tells', () => {
    for (const method of ['declared', 'aliased', 'undeclared']) decorate(prototype, method);
    expect([...pooledMethods(Service).values()].map(({ method, answer }) => [method, answer.kind])).toEqual([
      ['declared', 'promise'],
      ['aliased', 'either'],
      ['undeclared', 'either'],
    ]);
  });

  test('a second decorator on one method', () => {
    decorate(prototype, 'fine');
    expect(() => decorate(prototype, 'fine')).toThrow('@PooledTask on Service.fine: the method is decorated twice.');
  });

  test('decorators of the other standard', () => {
    const standard = PooledTask('images') as unknown as (value: unknown, context: unknown) => void;
    expect(() => standard(async () => {}, { kind: 'method', name: 'run' })).toThrow('"experimentalDecorators": true');
  });

  test.each<[unknown, string]>([
    [{ pool: 'images', timeoutMS: 5 }, '@PooledTask() has no option "timeoutMS". Did you mean \'timeoutMs\'?'],
    [{ name: 'x' }, '@PooledTask({ pool }) is undefined, but must be the name of a pool'],
    ['', '@PooledTask({ pool }) is ""'],
    [undefined, '@PooledTask() is undefined'],
    [{ pool: 'images', timeoutMs: 0 }, "pool 'images': @PooledTask({ timeoutMs }) is 0"],
    [{ pool: 'images', queueTimeoutMs: '5' }, '@PooledTask({ queueTimeoutMs }) is "5"'],
    [{ pool: 'images', name: '' }, '@PooledTask({ name }) is ""'],
    [{ pool: 'images', returns: Service }, '@PooledTask({ returns }) is function Service, but must be a function that'],
    [
      { pool: 'images', returns: true },
      '@PooledTask({ returns }) is true, but must be a function that returns the class',
    ],
    [
      { pool: 'images', accepts: false },
      '@PooledTask({ accepts }) is false, but must be true, or a function that lists',
    ],
    [{ pool: 'images', accepts: [Service] }, '@PooledTask({ accepts }) is an array, but must be true, or a function'],
    [{ pool: 'images', transfer: 'all' }, "@PooledTask({ transfer }) is \"all\", but must be 'args', 'result', 'both'"],
  ])('options %o', (options, message) => {
    expect(() => PooledTask(options as PooledTaskOptions)).toThrow(PoolConfigError);
    expect(() => PooledTask(options as PooledTaskOptions)).toThrow(message);
  });
});
