import 'reflect-metadata';
import type { FactoryProvider, InjectionToken } from '@nestjs/common';
import { inspect } from 'node:util';
import { describe, expect, expectTypeOf, test, vi } from 'vitest';
import { PoolConfigError, PooledTask, PoolError, remote, type RemoteOptions } from '../../../lib/index.js';
import { happened, ImageService, Model, Tagger } from '../../fixtures/nest/remote.service.js';

const made = (token?: InjectionToken): ImageService => {
  const provider = remote(ImageService, token === undefined ? {} : { provide: token });
  return (provider as FactoryProvider<ImageService>).useFactory() as ImageService;
};

describe('remote()', () => {
  test('provides the class under itself, or under the token it is told', () => {
    const tokenOf = (options?: RemoteOptions) => (remote(ImageService, options) as FactoryProvider).provide;
    expect([tokenOf(), tokenOf({ provide: Tagger }), tokenOf({ provide: 'images' })]).toEqual([
      ImageService,
      Tagger,
      'images',
    ]);
  });

  test('asks for nothing to be injected', () => {
    expect((remote(ImageService) as FactoryProvider).inject ?? []).toEqual([]);
  });

  test('takes classes that can be built', () => {
    const declare = () => {
      // @ts-expect-error nobody can build an abstract class
      remote(Tagger);
    };
    expect(declare).not.toThrow();
    expectTypeOf(remote(ImageService)).not.toBeAny();
  });

  test.each<[unknown, unknown, string]>([
    [
      undefined,
      {},
      'what remote() is given is undefined, but must be a class (undefined: do files import each other?)',
    ],
    ['ImageService', {}, 'what remote() is given is "ImageService", but must be a class'],
    [() => 1, {}, 'but must be a class'],
    [Model, {}, 'remote(Model): no method of Model is decorated with @PooledTask'],
    [ImageService, { token: 'x' }, 'remote(ImageService) has no option "token"'],
    [ImageService, 'x', 'the options of remote(ImageService) is "x", but must be an object'],
  ])('refuses %o with %o', (cls, options, message) => {
    const call = () => remote(cls as never, options as never);
    expect(call).toThrow(PoolConfigError);
    expect(call).toThrow(message);
  });

  test('refuses a class whose overrides took all pooled methods away', () => {
    class Plain extends Tagger {
      override async tag(): Promise<string> {
        return 'plain';
      }
    }
    expect(() => remote(Plain)).toThrow('remote(Plain): no method of Plain is decorated with @PooledTask');
  });
});

describe('a stub', () => {
  test('is an instance of the class that was never constructed', () => {
    const stub = made();
    expect(stub).toBeInstanceOf(ImageService);
    expect(stub).toBeInstanceOf(Tagger);
    expect(stub.constructor).toBe(ImageService);
    expect(happened).toEqual([]);
  });

  const noImageService =
    'on the main thread, which has no ImageService: remote(ImageService) has it built in workers only';
  test.each<[string, string, (stub: ImageService) => unknown]>([
    ['a call of a method', 'resize was called', (stub) => stub.resize()],
    [
      'a call of a method by a symbol',
      'Symbol(Symbol.asyncIterator) was called',
      (stub) => stub[Symbol.asyncIterator](),
    ],
    ['a read of an accessor', 'size was read', (stub) => stub.size],
    ['a write to an accessor', 'size was set', (stub) => (stub.size = 1)],
    ['a read of a field', 'cache was read', (stub) => stub.cache.clear()],
    ['a write to a field', 'quality was set', (stub) => (stub.quality = 1)],
    ['a read of an injected property', 'model was read', (stub) => stub.model.weights],
    ['a read of what is not there', 'qualitty was read', (stub) => (stub as unknown as { qualitty: 1 }).qualitty],
  ])('refuses %s, naming class, member, pool and the ways out', (_, told, use) => {
    const stub = made();
    expect(() => use(stub)).toThrow(PoolError);
    expect(() => use(stub)).toThrow(`pool 'main': ImageService.${told} ${noImageService}`);
    expect(() => use(stub)).toThrow('its methods under @PooledTask (tag, weigh, framed)');
    expect(() => use(stub)).toThrow(/@PooledTask\('main'\).*, or provide ImageService itself in place of remote\(/);
    expect(() => use(stub)).toThrow(expect.objectContaining({ code: 'REMOTE_STUB', pool: 'main' }));
  });

  test('tells decorating from returning, as the way out', () => {
    const stub = made();
    expect(() => stub.resize()).toThrow("Decorate it with @PooledTask('main'), or");
    expect(() => stub.size).toThrow("Have a method under @PooledTask('main') return it, or take it, or");
  });

  test('has no hooks of Nest', () => {
    const stub = made() as unknown as Record<string, unknown>;
    expect([stub['onModuleInit'], stub['onApplicationBootstrap'], stub['onModuleDestroy']]).toEqual(
      Array.from({ length: 3 }, () => undefined),
    );
    expect([stub['beforeApplicationShutdown'], stub['onApplicationShutdown']]).toEqual([undefined, undefined]);
  });

  test('can be awaited, printed, serialised, compared, and looked at, whatever the class has for that', async () => {
    const stub = made();
    expect((await stub) === stub).toBe(true);
    expect(inspect(stub)).toBe('remote(ImageService)');
    expect(inspect({ stub }, { showProxy: true })).toContain('ImageService');
    expect(`${stub}`).toBe('[object Object]');
    expect(JSON.stringify({ stub })).toBe('{"stub":{}}');
    expect({ ...stub }).toEqual({});
    expect(Object.keys(stub)).toEqual([]);
    expect('resize' in stub).toBe(true);
    expect(Object.hasOwn(stub, 'resize')).toBe(false);
    expect(stub.hasOwnProperty('resize')).toBe(false);
    expect(stub).toEqual(stub);
    expect(stub).not.toEqual({ a: 1 });
    expect((stub as unknown as Record<symbol, unknown>)[Symbol('unknown')]).toBeUndefined();
    expect(Object.prototype.toString.call(stub)).toBe('[object Object]');
  });

  test('shows explorers the methods of the class, with their metadata, name and length', () => {
    const { resize } = made();
    expect(Reflect.getMetadata('noted', resize)).toBe(7);
    expect([resize.name, resize.length]).toEqual(['resize', 0]);
  });

  test('can be spied upon, and given other methods, by tests', async () => {
    const stub = made();
    const spy = vi.spyOn(stub, 'resize').mockReturnValue(3);
    expect(stub.resize()).toBe(3);
    spy.mockRestore();
    expect(() => stub.resize()).toThrow('resize was called');
    stub.tag = async () => 'given';
    expect(await stub.tag()).toBe('given');
  });

  test('that no application knows refuses its pooled methods, and does not run them in place', async () => {
    await expect(made().tag()).rejects.toThrow(PoolError);
    await expect(made().tag()).rejects.toThrow(
      "pool 'main': ImageService.tag was called, but no application with DynamicPoolModule provides this object",
    );
  });

  test('has the methods that are called like what loggers and rxjs look for, pooled or refused (U4)', async () => {
    class Queue {
      @PooledTask('main')
      async inspect(): Promise<void> {}
      @PooledTask('main')
      async subscribe(): Promise<void> {}
      lift(): void {}
    }
    const stub = (remote(Queue) as FactoryProvider<Queue>).useFactory() as Queue;
    await expect(stub.inspect()).rejects.toThrow('Queue.inspect was called, but no application');
    await expect(stub.subscribe()).rejects.toThrow('Queue.subscribe was called, but no application');
    expect(() => stub.lift()).toThrow("pool 'main': Queue.lift was called on the main thread");
  });

  test('names no pool where its class has no such method of its own pool', () => {
    class Own {
      @PooledTask('other')
      async run(): Promise<void> {}
      stay(): void {}
    }
    const stub = (remote(Own) as FactoryProvider<Own>).useFactory() as Own;
    expect(() => stub.stay()).toThrow("pool 'other': Own.stay was called");
  });
});
