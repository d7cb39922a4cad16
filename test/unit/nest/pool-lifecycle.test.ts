import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PoolDirectory } from '../../../lib/nest/pool-directory.js';
import type { PoolRuntime } from '../../../lib/nest/pool-runtime.js';

const hooks = () => process.rawListeners('SIGTERM') as NodeJS.SignalsListener[];
let listeners: NodeJS.SignalsListener[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  vi.resetModules();
  listeners = hooks();
  process.removeAllListeners('SIGTERM');
});

afterEach(() => {
  vi.useRealTimers();
  process.removeAllListeners('SIGTERM');
  for (const listener of listeners) process.on('SIGTERM', listener);
});

async function lifecycle() {
  const { PoolLifecycle } = await import('../../../lib/nest/pool-lifecycle.js');
  return new PoolLifecycle({ directory: new PoolDirectory(new Map()) } as unknown as PoolRuntime);
}

test('shutdown hooks that are off a second after bootstrap are told of; on, or closed by then, they are not', async () => {
  const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
  const closed = await lifecycle();
  closed.onApplicationBootstrap();
  closed.onModuleDestroy();
  vi.advanceTimersByTime(2_000);

  process.on('SIGTERM', () => {});
  (await lifecycle()).onApplicationBootstrap();
  vi.advanceTimersByTime(2_000);
  expect(warn).not.toHaveBeenCalled();

  process.removeAllListeners('SIGTERM');
  (await lifecycle()).onApplicationBootstrap();
  vi.advanceTimersByTime(999);
  expect(warn).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  (await lifecycle()).onApplicationBootstrap();
  vi.advanceTimersByTime(2_000);
  expect(warn).toHaveBeenCalledOnce();
  expect(warn.mock.calls[0]![0]).toContain('app.enableShutdownHooks()');
});

test('workers that go on booting for ten seconds are told of, with the pool that waits for them', async () => {
  const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
  let up!: () => void;
  const pool = {
    name: 'slow',
    start() {},
    ready: () => new Promise<void>((resolve) => (up = resolve)),
    snapshot: () => ({ starting: 2, live: 1 }),
    on() {},
  };
  const directory = new PoolDirectory(new Map([['slow', pool as never]]));
  const { PoolLifecycle } = await import('../../../lib/nest/pool-lifecycle.js');
  const runtime = {
    directory,
    options: { pools: new Map() },
    provided: [],
    announce() {},
    carriers: { open() {} },
    initialised() {},
  };
  const starting = new PoolLifecycle(runtime as unknown as PoolRuntime).onModuleInit();
  vi.advanceTimersByTime(9_999);
  expect(warn).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(warn.mock.calls).toEqual([
    [expect.stringContaining("pool 'slow': 2 workers have been booting for 10 s (1 are up)")],
  ]);
  up();
  await starting;
  expect(directory.isReady).toBe(true);
});

test('where one pool cannot be started, those before it are closed', async () => {
  const closed: string[] = [];
  const pool = (name: string, start: () => void) => ({
    name,
    start,
    ready: () => Promise.resolve(),
    on() {},
    close: async () => void closed.push(name),
  });
  const refuse = () => expect.unreachable('no thread left');
  const pools = new Map([pool('first', () => {}), pool('second', refuse)].map((each) => [each.name, each as never]));
  const { PoolLifecycle } = await import('../../../lib/nest/pool-lifecycle.js');
  const runtime = {
    directory: new PoolDirectory(pools),
    options: { pools: new Map() },
    provided: [],
    announce() {},
    carriers: { open() {} },
    initialised() {},
    forget() {},
  };
  await expect(new PoolLifecycle(runtime as unknown as PoolRuntime).onModuleInit()).rejects.toThrow('no thread left');
  expect(closed).toEqual(['first', 'second']);
});
