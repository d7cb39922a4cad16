import { describe, expect, it, vi } from 'vitest';
import { PoolFullError, TaskCloneError, TaskNotFoundError, WorkerCrashedError } from '../../../lib/entries/core.js';
import { createFakePool } from '../../../lib/entries/testing.js';
import { watch } from '../../support/watch.js';

describe('a stand-in for a pool (U8)', () => {
  it('runs what it was given, and keeps the calls', async () => {
    const thumbnail = vi.fn<(width: number) => Promise<string>>(async (width) => `${width} wide`);
    const images = createFakePool({ 'Images.thumbnail': thumbnail });
    expect(await images.run('Images.thumbnail', [128], { priority: 9 })).toBe('128 wide');
    expect(images.calls).toEqual([{ task: 'Images.thumbnail', args: [128], options: { priority: 9 } }]);
    expect(thumbnail).toHaveBeenCalledOnce();
  });

  it('copies as a thread would, and can crash', async () => {
    const images = createFakePool({ echo: (value: unknown) => value });
    await expect(images.run('echo', [() => 1])).rejects.toBeInstanceOf(TaskCloneError);
    images.workers.crashNext('echo');
    await expect(images.run('echo')).rejects.toBeInstanceOf(WorkerCrashedError);
  });

  it('lets calls wait for each other', async () => {
    let open!: () => void;
    const opened = new Promise<void>((resolve) => (open = resolve));
    const images = createFakePool({ wait: () => opened, open: () => open() });
    const waiting = Array.from({ length: 10 }, () => images.run('wait'));
    await images.run('open');
    await Promise.all(waiting);
    expect(images.snapshot()).toMatchObject({ name: 'fake', counters: { completed: 11 } });
  });

  it('can be made full', async () => {
    const images = createFakePool({ wait: () => new Promise(() => {}) }, { size: { max: 1 }, queue: { capacity: 1 } });
    await images.ready();
    for (let call = 0; call < 2; call++) watch(images.run('wait'));
    await vi.waitFor(() => expect(images.snapshot().queueDepth).toBe(1));
    await expect(images.run('wait')).rejects.toBeInstanceOf(PoolFullError);
  });

  it('knows no other tasks', async () => {
    await expect(createFakePool({ thumbnail: () => 1 }).run('thumbnial')).rejects.toBeInstanceOf(TaskNotFoundError);
  });
});
