import { Injectable, Module } from '@nestjs/common';
import { threadId } from 'node:worker_threads';
import { describe, expect, test, vi } from 'vitest';
import { PoolConfigError, PooledTask, PoolNotFoundError, PoolService } from '../../../lib/index.js';
import { lateProvider } from '../../fixtures/nest/dynamically-hidden.service.js';
import { NeedsToken, NeedyService } from '../../fixtures/nest/missing-dependency.service.js';
import { OwnAppModule, SelfAwareService } from '../../fixtures/nest/own-app.module.js';
import { PlainService } from '../../fixtures/nest/plain.service.js';
import { hiddenProvider } from '../../fixtures/nest/unexported.service.js';
import { EmptyModule, ModuleService, SmallModule } from '../../fixtures/nest/worker.module.js';
import { createApp, failure, onePool, startApp } from './support.js';

const moduleFile = new URL('../../fixtures/nest/worker.module.js', import.meta.url);
const mainProviders = [ModuleService, { provide: 'SOURCE', useValue: 'main' }];

describe('where a worker finds the code', () => {
  test.each([
    ['workerModule as a class', { workerModule: SmallModule }],
    ['workerModule as a file with an export', { workerModule: { file: moduleFile, export: 'SmallModule' } }],
    ['workerModule as a file with one module', { workerModule: { file: moduleFile } }],
    ['an entry of its own', { entry: new URL('../../fixtures/nest/entry.js', import.meta.url) }],
  ])('%s', async (_, options) => {
    const app = await startApp({ imports: [onePool(options)], providers: mainProviders });
    const answer = await app.get(ModuleService).tell();
    expect(answer.source).toBe('worker module');
    expect(answer.threadId).not.toBe(threadId);
  });

  test('forRoot() is inert inside a worker that boots the application module itself', async () => {
    const app = await startApp({ imports: [OwnAppModule] });
    const service = app.get(SelfAwareService);
    expect(await service.names()).toEqual(['main']);
    expect(await service.useThePool()).toMatch(/^false pool 'main' cannot be used inside a worker/);
  });

  test('a module of plain functions, as without Nest', async () => {
    const tasks = new URL('../../fixtures/nest/functions.js', import.meta.url);
    const app = await startApp({ imports: [onePool({ tasks })] });
    expect(await app.get(PoolService).get('main').run('double', [21])).toBe(42);
  });
});

describe('an application does not start, with a clear error, when', () => {
  test('a class is not exported: told from its text, before any thread starts', async () => {
    const app = await createApp({ imports: [onePool()], providers: [hiddenProvider] });
    const pool = app.get(PoolService).get('main');
    const seen = vi.fn<() => void>();
    pool.on('workerStarted', seen).on('workerExited', seen);
    const error = await failure(app.init());
    expect(seen).not.toHaveBeenCalled();
    expect(error).toBeInstanceOf(PoolConfigError);
    expect(error.message).toMatch(/^pool 'main': class HiddenService .*unexported\.service\.js does not export it/);
    expect(error.message).toMatch(/export class HiddenService.*workerModule.*entry/);
  });

  test('a class is not exported: told by the worker', async () => {
    const error = await failure(startApp({ imports: [onePool()], providers: [lateProvider] }));
    expect(error).toBeInstanceOf(PoolConfigError);
    expect(error.message).toMatch(/class LateService .*dynamically-hidden\.service\.js does not export it/);
  });

  test('a dependency is missing: it says for whom, what, where, and the ways out', async () => {
    const error = await failure(
      startApp({
        imports: [onePool()],
        providers: [NeedyService, NeedsToken, { provide: 'SECRET', useValue: 's' }],
      }),
    );
    expect(error).toBeInstanceOf(PoolConfigError);
    expect(error.message).toMatch(
      /cannot build NeedsToken, which NeedyService \(file:.*missing-dependency\.service\.js\) needs/,
    );
    expect(error.message).toMatch(/nothing provides 'SECRET', argument 0 of its constructor/);
    expect(error.message).toMatch(/@PoolWorker\(\{ imports, providers \}\) on NeedyService.*workerModule.*entry/);
  });

  test('the worker module does not provide a pooled class', async () => {
    const error = await failure(
      startApp({
        imports: [onePool({ workerModule: { file: moduleFile, export: 'EmptyModule' } })],
        providers: mainProviders,
      }),
    );
    expect(EmptyModule).toBeDefined();
    expect(error.message).toMatch(
      /workerModule EmptyModule \(file:.*\) does not provide ModuleService, whose task 'ModuleService.tell'/,
    );
  });

  test('the worker module is not exported by its file', async () => {
    const error = await failure(
      startApp({
        imports: [onePool({ workerModule: { file: moduleFile, export: 'SmalModule' } })],
        providers: mainProviders,
      }),
    );
    expect(error.message).toMatch(
      /workerModule is SmalModule, but file:.* exports no module of this name; it exports .*SmallModule/,
    );
  });

  test('a decorator names an unknown pool', async () => {
    @Injectable()
    class Typo {
      @PooledTask('mian')
      async run(): Promise<void> {}
    }
    const error = await failure(startApp({ imports: [onePool()], providers: [Typo] }));
    expect(error).toBeInstanceOf(PoolNotFoundError);
    expect(error.message).toBe(
      "@PooledTask on Typo.run: there is no pool 'mian'. Did you mean 'main'? Pools of this application: main.",
    );
  });

  test('two methods are one task', async () => {
    class First {
      @PooledTask({ pool: 'main', name: 'same' })
      async run(): Promise<void> {}
    }
    class Second {
      @PooledTask({ pool: 'main', name: 'same' })
      async go(): Promise<void> {}
    }
    const error = await failure(startApp({ imports: [onePool()], providers: [First, Second] }));
    expect(error).toBeInstanceOf(PoolConfigError);
    expect(error.message).toMatch(
      /^pool 'main': two methods are the task 'same': First\.run \(file:.*\) and Second\.go \(file:/,
    );
  });

  test('forRoot() is called twice', async () => {
    @Module({ imports: [onePool()] })
    class Feature {}
    const error = await failure(startApp({ imports: [onePool(), Feature], providers: [PlainService] }));
    expect(error).toBeInstanceOf(PoolConfigError);
    expect(error.message).toMatch(/forRoot\(\) stands 2 times/);
  });

  test('a decorated method is on a pool with a tasks module', async () => {
    const tasks = new URL('../../fixtures/nest/functions.js', import.meta.url);
    const error = await failure(startApp({ imports: [onePool({ tasks })], providers: [PlainService] }));
    expect(error.message).toMatch(
      /^pool 'main' runs the functions of its tasks module, so it cannot run PlainService\./,
    );
  });
});
