import { Injectable, Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { Test } from '@nestjs/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  getPoolToken,
  PoolConfigError,
  PoolService,
  remote,
  type NestPoolOptions,
  type Pool,
} from '../../../lib/index.js';
import {
  Gallery,
  happened,
  ImageService,
  Model,
  SameModule,
  Tagger,
  TAGGER,
  Visit,
} from '../../fixtures/nest/remote.service.js';
import { failure, onePool, Remembering, startApp } from './support.js';

describe('a class under remote() (U7)', () => {
  test('is built in workers only, with its dependencies and hooks; its pooled methods go there', async () => {
    const app = await startApp({ imports: [onePool()], providers: [remote(ImageService)] });
    const images = app.get(ImageService);
    expect(images).toBeInstanceOf(ImageService);
    const { weights, happened: inWorker } = await images.weigh(2);
    expect(weights).toEqual([2, 4, 6]);
    expect(inWorker.toSorted()).toEqual(
      [
        'Model',
        'Model.onModuleInit',
        'ImageService',
        ...['onModuleInit', 'onApplicationBootstrap'].map((hook) => `ImageService.${hook}`),
      ].toSorted(),
    );
    expect(await images.tag()).toBe('ImageService in a worker');
    await app.close();
    expect(happened).toEqual([]);
  });

  test('runs decorators above on the main thread, where its other members are refused', async () => {
    const app = await startApp({ imports: [onePool()], providers: [remote(ImageService)] });
    const images = app.get(ImageService);
    expect(await images.framed()).toBe('above@main(80)');
    expect(() => images.resize()).toThrow("pool 'main': ImageService.resize was called on the main thread");
    expect(app.get(PoolService).snapshot('main').counters).toMatchObject({ submitted: 1, completed: 1 });
  });

  test('is injected as any other, under an abstract class or a symbol as well', async () => {
    @Injectable()
    class User {
      constructor(readonly tagger: Tagger) {}
    }
    const bySymbol = { provide: 'tag', useFactory: (tagger: Tagger) => () => tagger.tag(), inject: [TAGGER] };
    const providers = [remote(ImageService, { provide: Tagger }), User];
    const other = { module: class Other {}, providers: [remote(ImageService, { provide: TAGGER }), bySymbol] };
    const app = await startApp({ imports: [onePool(), other], providers });
    expect(await app.get(User).tagger.tag()).toBe('ImageService in a worker');
    expect(await app.get<() => Promise<string>>('tag')()).toBe('ImageService in a worker');
  });

  test('can be called by providers before the application is up, and by its name', async () => {
    const early = {
      provide: 'early',
      useFactory: (images: ImageService) => ({
        onModuleInit: async () => expect(await images.tag()).toMatch('worker'),
      }),
      inject: [ImageService],
    };
    const app = await startApp({ imports: [onePool()], providers: [early, remote(ImageService)] });
    expect(await app.get<Pool>(getPoolToken('main')).run('ImageService.tag')).toBe('ImageService in a worker');
  });

  test('is itself what other pooled classes are given in a worker, and nothing is said of it', async () => {
    const logger = new Remembering();
    const app = await startApp({ imports: [onePool()], providers: [Gallery, remote(ImageService)] }, logger);
    expect(await app.get(Gallery).weighInside()).toEqual([1, 2, 3]);
    expect(logger.lines.filter(({ level }) => level === 'warn')).toEqual([]);
  });

  test('is itself in a worker that boots the same module', async () => {
    const app = await startApp({ imports: [SameModule] });
    const images = app.get<ImageService>(TAGGER);
    expect((await images.weigh(3)).weights).toEqual([3, 6, 9]);
    expect(happened).toEqual([]);
    expect(() => app.get(Model)).toThrow('Model');
  });

  test('of request scope has one stub, and an instance for each call in the worker', async () => {
    const app = await startApp({ imports: [onePool()], providers: [remote(Visit)] });
    expect([await app.get(Visit).count(), await app.get(Visit).count()]).toEqual([1, 1]);
  });

  test('is looked at by the explorers of an application without harm', async () => {
    const app = await startApp({ imports: [ScheduleModule.forRoot(), onePool()], providers: [remote(ImageService)] });
    expect(await app.get(ImageService).tag()).toMatch('worker');
  });

  test('has a stub in each application; after the close of one it is refused there only', async () => {
    @Module({ imports: [onePool()], providers: [remote(ImageService)] })
    class App {}
    const [one, other] = [await startApp({ imports: [App] }), await startApp({ imports: [App] })];
    const [images, others] = [one.get(ImageService), other.get(ImageService)];
    await images.tag();
    const completed = [one, other].map((app) => app.get(PoolService).snapshot('main').counters.completed);
    expect(completed).toEqual([1, 0]);
    await one.close();
    await expect(images.tag()).rejects.toMatchObject({ code: 'POOL_CLOSED' });
    expect(await others.tag()).toMatch('worker');
  });

  test('is refused by its pooled methods where no pool module is loaded', async () => {
    const app = await startApp({ providers: [remote(ImageService)] });
    const error = await failure(app.get(ImageService).tag());
    expect(error).toMatchObject({ code: 'REMOTE_STUB', pool: 'main' });
    expect(error.message).toContain('no application with DynamicPoolModule provides this object');
  });

  test('can be overridden in a testing module', async () => {
    const module = await Test.createTestingModule({ imports: [onePool()], providers: [remote(ImageService)] })
      .overrideProvider(ImageService)
      .useValue({ tag: async () => 'stand-in' })
      .compile();
    onTestFinished(() => module.close());
    await module.init();
    expect(await module.get(ImageService).tag()).toBe('stand-in');
  });
});

describe('remote() stops the start, before any thread, where a pool', () => {
  const tasks = new URL('../../fixtures/nest/functions.js', import.meta.url);
  test.each<[string, NestPoolOptions, string]>([
    ["is of kind 'async'", { kind: 'async' }, "kind is 'async', so it runs methods on the instances of this thread"],
    [
      'lets callers run what it has no room for',
      { queue: { overflow: 'caller-runs' } },
      "queue.overflow is 'caller-runs', which runs methods on an instance of this thread",
    ],
    [
      'runs short tasks inline',
      { inlineBelowUs: 100 },
      'inlineBelowUs is set, which runs short methods on an instance',
    ],
  ])('%s', async (_, options, reason) => {
    for (const provider of [remote(ImageService), remote(ImageService, { provide: 'images' })]) {
      const error = await failure(startApp({ imports: [onePool(options)], providers: [provider] }));
      expect(error).toBeInstanceOf(PoolConfigError);
      expect(error.message).toContain(`pool 'main': ${reason}`);
      expect(error.message).toMatch(/of ImageService there is none.*Provide ImageService itself, or (make|set|leave)/);
    }
  });

  test('runs the functions of a module', async () => {
    const error = await failure(startApp({ imports: [onePool({ tasks })], providers: [remote(ImageService)] }));
    expect(error.message).toContain(
      "pool 'main' runs the functions of its tasks module, so it cannot run ImageService.",
    );
  });

  test('does not exist', async () => {
    const { forRoot } = (await import('../../../lib/index.js')).DynamicPoolModule;
    const error = await failure(startApp({ imports: [forRoot({ pools: {} })], providers: [remote(ImageService)] }));
    expect(error).toMatchObject({ code: 'POOL_NOT_FOUND' });
  });
});
