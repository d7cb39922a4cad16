import { Injectable, type OnModuleInit } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { threadId } from 'node:worker_threads';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { OnPoolEvent, PoolService, type PoolEvent } from '../../../lib/index.js';
import { Clock, InjectedService, Settings } from '../../fixtures/nest/injected.service.js';
import { PlainService } from '../../fixtures/nest/plain.service.js';
import { createApp, onePool, Remembering, startApp } from './support.js';

describe('the pools within the life of an application (O6)', () => {
  test("Nest's hooks are the set-up and tear-down of a worker (P14)", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'hooks-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = path.join(folder, 'hooks');
    const env = { ...process.env, HOOKS_FILE: file } as Record<string, string>;
    const app = await startApp({ imports: [onePool({ worker: { env } })], providers: [PlainService] });
    const hooks = () => readFileSync(file, 'utf8').trim().split('\n');

    expect(await app.get(PlainService).wasInitialised()).toBe(true);
    expect(hooks()).toEqual(['onModuleInit', 'onApplicationBootstrap']);
    await app.close();
    expect(hooks().slice(2)).toEqual(['onModuleDestroy', 'beforeApplicationShutdown', 'onApplicationShutdown']);
  });

  test('threads are up when the application is; a provider may call earlier, from its own onModuleInit', async () => {
    @Injectable()
    class Early implements OnModuleInit {
      answer = 0;

      constructor(readonly plain: PlainService) {}

      async onModuleInit(): Promise<void> {
        this.answer = await this.plain.thread();
      }
    }
    const app = await createApp({ imports: [onePool()], providers: [PlainService, Early] });
    expect(app.get(PoolService).snapshot('main').size).toBe(0);
    expect(app.get(PoolService).isReady()).toBe(false);
    // Not initialised yet, and routed all the same.
    expect(await app.get(PlainService).thread()).not.toBe(threadId);
    await app.init();
    expect(app.get(Early).answer).not.toBe(threadId);
    expect(app.get(PoolService).snapshot('main').live).toBe(1);
    expect(app.get(PoolService).isReady()).toBe(true);
  });

  test('on shutdown readiness goes off first, then intake closes, then what was accepted finishes', async () => {
    const app = await startApp({ imports: [onePool()], providers: [PlainService] });
    const [pools, plain] = [app.get(PoolService), app.get(PlainService)];
    const gate = new Int32Array(new SharedArrayBuffer(4));
    const running = new Promise((resolve) => pools.get('main').on('started', resolve));
    const order: string[] = [];
    const work = plain.wait(gate).then(() => order.push('finished'));
    await running;

    const closed = app.close().then(() => order.push('closed'));
    await vi.waitUntil(() => pools.snapshot('main').state === 'draining');
    expect(pools.isReady()).toBe(false);
    await expect(plain.thread()).rejects.toMatchObject({ statusCode: 503 });
    Atomics.store(gate, 0, 1);
    Atomics.notify(gate, 0);
    await Promise.all([work, closed]);
    expect(order).toEqual(['finished', 'closed']);
    expect(pools.snapshot('main')).toMatchObject({ state: 'closed', size: 0 });
  });

  test('preview mode spawns no thread', async () => {
    const app = await NestFactory.create(
      { imports: [onePool()], providers: [PlainService] },
      { preview: true, logger: false },
    );
    onTestFinished(() => app.close());
    await app.init();
    expect(app.get(PoolService)).toBeFalsy();
  });

  test("methods under @OnPoolEvent hear their pool's events; PoolService.events$ hears all and completes", async () => {
    class Listener {
      readonly heard: PoolEvent<'workerStarted'>[] = [];

      @OnPoolEvent('main', 'workerStarted')
      onStart(event: PoolEvent<'workerStarted'>): void {
        this.heard.push(event);
        throw new Error('a listener that throws harms nobody');
      }
    }
    const logger = new Remembering();
    const app = await startApp({ imports: [onePool()], providers: [PlainService, Listener] }, logger);
    expect(app.get(Listener).heard).toMatchObject([{ pool: 'main', event: 'workerStarted', workerId: 1 }]);
    expect(logger.lines).toContainEqual(
      expect.objectContaining({ level: 'error', message: expect.stringContaining('Listener.onStart threw') }),
    );

    const events: string[] = [];
    const completed = new Promise<void>((resolve) =>
      app
        .get(PoolService)
        .events$.subscribe({ next: ({ pool, event }) => events.push(`${pool} ${event}`), complete: resolve }),
    );
    await app.get(PlainService).thread();
    await app.close();
    await completed;
    expect(events).toEqual(['main submitted', 'main started', 'main completed', 'main workerExited', 'main closed']);
  });

  test('log lines of workers come to the application logger with pool and thread', async () => {
    const logger = new Remembering();
    const providers = [InjectedService, Settings, Clock, PlainService];
    const app = await startApp({ imports: [onePool()], providers }, logger);
    const { threadId: thread } = await app.get(InjectedService).where('');
    await app.get(InjectedService).log('careful');
    await app.get(PlainService).log('hello');
    const logged = `[main thread ${thread} InjectedService.log]`;
    expect(logger.lines.filter(({ message }) => String(message).startsWith('[main '))).toEqual([
      { level: 'warn', message: `${logged} careful`, context: 'InjectedService' },
      { level: 'log', message: `${logged} { text: 'careful' }`, context: 'InjectedService' },
      { level: 'log', message: `[main thread ${thread} PlainService.log] hello`, context: 'Plain' },
    ]);
  });

  test('PoolService pins a size and releases it', async () => {
    const app = await startApp({ imports: [onePool({ size: { min: 1, max: 2 } })], providers: [PlainService] });
    const pools = app.get(PoolService);
    await pools.resize('main', 2, { reason: 'sale', owner: 'ops' });
    expect(pools.snapshot('main')).toMatchObject({
      size: 2,
      override: { size: 2, owner: 'ops', reason: 'sale', until: null },
    });
    await pools.auto('main');
    expect(pools.snapshot('main')).toMatchObject({ size: 1, override: null });
  });
});

describe('async pools', () => {
  test('a decorated method runs on this thread, in a slot, on the instance that was called', async () => {
    const app = await startApp({ imports: [onePool({ kind: 'async' })], providers: [PlainService] });
    const service = app.get(PlainService);
    expect(await service.thread()).toBe(threadId);
    expect(await service.wasInitialised()).toBe(true);
    expect(await app.get(PoolService).get('main').run('PlainService.thread')).toBe(threadId);
    expect(app.get(PoolService).snapshot('main').counters.completed).toBe(3);
  });

  test('takes plain functions beside them', async () => {
    const tasks = { triple: (n: number) => 3 * n };
    const app = await startApp({ imports: [onePool({ kind: 'async', tasks })], providers: [PlainService] });
    expect(await app.get(PoolService).get('main').run('triple', [2])).toBe(6);
    expect(await app.get(PlainService).thread()).toBe(threadId);
  });
});
