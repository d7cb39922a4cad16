import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { setEnvironmentData } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { createPool, type Pool } from '../../../lib/entries/core.js';
import { threadPool } from './thread-pool.js';

const BASICS = new URL('../../fixtures/tasks/basics.js', import.meta.url);

describe('a task module', () => {
  const pools: Pool[] = [];
  const pool = (tasks: string | URL) => {
    const created = createPool({ name: 'modules', tasks, size: { max: 1 } });
    pools.push(created);
    return created;
  };
  afterEach(() => Promise.all(pools.splice(0).map((created) => created.close({ force: true }))));

  it.each([
    ['a URL', BASICS],
    ['a URL as a string', BASICS.href],
    ['an absolute path', fileURLToPath(BASICS)],
    ['a path from the working directory', path.relative(process.cwd(), fileURLToPath(BASICS))],
  ])('is named by %s', async (_, tasks) => {
    expect(await pool(tasks).run('add', [1, 2])).toBe(3);
  });

  it('may be CommonJS: its tasks are the functions of module.exports', async () => {
    const legacy = pool(new URL('../../fixtures/tasks/legacy.cjs', import.meta.url));
    expect(await legacy.run('double', [21])).toBe(42);
    await expect(legacy.run('SIZE')).rejects.toThrow(`Its tasks: double.`);
  });

  it('may export one function as its default', async () => {
    expect(await pool(new URL('../../fixtures/tasks/one-default.js', import.meta.url)).run('default', [14])).toBe(42);
  });

  it('is loaded by all workers at the same time: they boot in parallel', async () => {
    const memory = new SharedArrayBuffer(4);
    setEnvironmentData('boot-barrier', { memory, expected: 3 } as never);
    const barrier = threadPool('boot-barrier', { size: { min: 3, max: 3 } });
    await barrier.ready();
    expect(barrier.snapshot()).toMatchObject({ live: 3, counters: { crashes: 0 } });
    expect(await barrier.run('met')).toBe(3);
  });
});

describe('the state of a worker (P14)', () => {
  it('lasts from task to task, and ends with the worker', async () => {
    const counting = threadPool('state', { size: { max: 1 } });
    const calls = await Promise.all([1, 2, 3].map(() => counting.run<{ calls: number }>('count')));
    expect(calls.map((call) => call.calls)).toEqual([1, 2, 3]);
  });

  it('ends where the heap has grown above the limit', async () => {
    const growing = threadPool('state', { size: { max: 1 }, worker: { recycle: { aboveHeapMb: 48 } } });
    const exited = new Promise((resolve) => growing.on('workerExited', resolve));
    const first = await growing.run('grow', [64]);
    expect(await exited).toMatchObject({ reason: 'recycled' });
    expect((await growing.run<{ threadId: number }>('count')).threadId).not.toBe(first);
    expect(growing.snapshot().counters.crashes).toBe(0);
  });

  it('ends by age, while calls go on and none is lost', async () => {
    const ageing = threadPool('state', { size: { max: 1 }, worker: { recycle: { afterMs: 40 } } });
    const threads = new Set<number>();
    for (let call = 0; threads.size < 3; call++) {
      if (call === 100_000) throw new Error('no worker was replaced');
      threads.add((await ageing.run<{ threadId: number }>('count')).threadId);
    }
    expect(ageing.snapshot().counters).toMatchObject({ failed: 0, crashes: 0 });
  });
});
