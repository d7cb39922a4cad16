import { receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import { describe, expect, it, vi } from 'vitest';
import { threadPool } from './thread-pool.js';

describe.each([
  { name: 'one task at a time', worker: {} },
  { name: 'tasks that interleave', worker: { concurrency: 4 } },
])('progress on a real thread, $name (P11)', ({ worker }) => {
  const make = () => threadPool('streams', { size: { max: 1 }, worker });

  it('comes to the caller and as an event, in order, and before the result', async () => {
    const pool = make();
    const heard: unknown[] = [];
    const events: unknown[] = [];
    pool.on('progress', ({ task, value }) => events.push([task, value]));
    // Results that fit into shared memory could overtake a message.
    for (const result of [1, undefined, 'text', { a: 1 }]) {
      heard.length = 0;
      const onProgress = (value: unknown) => void heard.push(value);
      expect(await pool.run('steps', [5, result], { onProgress })).toEqual(result);
      expect(heard).toEqual([1, 2, 3, 4, 5]);
    }
    expect(events).toHaveLength(20);
    expect(events[0]).toEqual(['steps', 1]);
  });

  it('is bounded: of a flood the last report arrives, before the result, and order is kept', async () => {
    const pool = make();
    const heard: number[] = [];
    const onProgress = (value: unknown) => void heard.push((value as { at: number }).at);
    await pool.ready();
    const memory = new SharedArrayBuffer(12);
    const running = pool.run('flood', [20_000, memory], { onProgress });
    // This thread reads nothing before the flood is over.
    expect(Atomics.wait(new Int32Array(memory), 0, 0, 15_000)).not.toBe('timed-out');
    expect(await running).toBe(20_000);
    expect(heard).toEqual([...Array.from({ length: 64 }, (_, index) => index + 1), 20_000]);
  });

  it.each(['floodOfPorts', 'floodOfPortsInTime'])(
    'held back, moves what is to move: %s costs neither the call nor its worker (P9)',
    async (task) => {
      const pool = make();
      const heard: unknown[] = [];
      const onProgress = ({ port }: { port: MessagePort }) => {
        heard.push(receiveMessageOnPort(port)?.message);
        port.close();
      };
      expect(await pool.run(task, [200], { onProgress: onProgress as (value: unknown) => void })).toBe('done');
      expect(heard.at(-1)).toBe(200);
      expect(pool.snapshot()).toMatchObject({ live: 1, counters: { completed: 1, crashes: 0 } });
    },
  );

  it('held back, comes by itself once there is room', async () => {
    const pool = make();
    const memory = new SharedArrayBuffer(12);
    const heard: number[] = [];
    const onProgress = (value: unknown) => void heard.push((value as { at: number }).at);
    const running = pool.run('floodAndWait', [5_000, memory], { onProgress });
    await vi.waitFor(() => expect(heard.at(-1)).toBe(5_000), 10_000);
    Atomics.store(new Int32Array(memory), 2, 1);
    expect(await running).toBe('done');
  });

  it('that cannot be cloned is the error of whoever reports it', async () => {
    expect(await make().run('uncloneableReport')).toBe('TaskCloneError at progress.done');
  });

  it('of a task that has ended is dropped', async () => {
    const pool = make();
    const events: unknown[] = [];
    pool.on('progress', ({ value }) => events.push(value));
    for (let i = 0; i < 5; i++) expect(await pool.run('lateReport')).toBe('done');
    await pool.run('steps', [10, null]);
    expect(events.filter((value) => typeof value === 'string')).toEqual(Array.from({ length: 5 }, () => 'in time'));
  });

  it('goes with streams, in step with the items', async () => {
    const pool = make();
    const heard: unknown[] = [];
    const onProgress = (value: unknown) => void heard.push(value);
    for await (const n of pool.stream<number>('reporting', [30], { onProgress })) {
      expect(heard[n - 1]).toBe(`about to yield ${n}`);
    }
    expect(heard).toHaveLength(30);
  });

  it('survives a listener that throws', async () => {
    const pool = make();
    const warned = vi.spyOn(process, 'emitWarning').mockReturnValue();
    const onProgress = () => {
      throw new Error('no ear');
    };
    expect(await pool.run('steps', [1, 'fine'], { onProgress })).toBe('fine');
    expect(warned).toHaveBeenCalledWith(
      expect.stringContaining("a listener of 'onProgress' threw"),
      'DynamicPoolWarning',
    );
  });
});
