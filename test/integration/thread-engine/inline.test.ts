import { describe, expect, it } from 'vitest';
import type { Pool, RunOptions } from '../../../lib/entries/core.js';
import { InlineError, type Thing } from '../../fixtures/tasks/inline.js';
import { rejectionOf } from '../../support/watch.js';
import { range } from './batch-pool.js';
import { threadPool } from './thread-pool.js';

const TASKS = [
  'where',
  'spoil',
  'keptValues',
  'lend',
  'sizeOf',
  'throwIf',
  'throwLaterIf',
  'uncloneableIf',
  'abortedIf',
];
/** Of an inline call only the mean time decides, so that these run inline on the slowest machine. */
const INLINE = { size: { max: 1 }, inlineBelowUs: 100_000 };
/** Runs after which a pool has a verdict. */
const LESSONS = 20;

type Run = <R>(task: string, args?: readonly unknown[], options?: RunOptions) => Promise<R>;

/** A way to run the tasks on this thread, and a check that they did. */
interface Here {
  readonly pool: Pool;
  readonly run: Run;
}

async function shortEnough(): Promise<Here> {
  const pool = threadPool('inline', INLINE);
  for (const task of TASKS) await Promise.all(range(0, LESSONS).map(() => pool.run(task)));
  return { pool, run: checked(pool) };
}

/** The one worker has a task that does not end, and another one fills the queue. */
async function queueFull(): Promise<Here> {
  const pool = threadPool('inline', { size: { max: 1 }, queue: { capacity: 1, overflow: 'caller-runs' } });
  await pool.ready();
  for (let call = 0; call < 2; call++) pool.run('abortedIf', [new AbortController().signal]).catch(() => undefined);
  return { pool, run: checked(pool) };
}

/** Runs a task in a turn of its own, since a turn has time for one millisecond of them, and expects it to run here. */
function checked(pool: Pool): Run {
  const inlined = (task: string) => pool.snapshot().tasks[task]?.inlined ?? 0;
  return async <R>(task: string, args: readonly unknown[] = [], options: RunOptions = {}) => {
    await new Promise(setImmediate);
    const before = inlined(task);
    try {
      return await pool.run<R>(task, args, options);
    } finally {
      expect(inlined(task), task).toBe(before + 1);
    }
  };
}

describe.each([
  ['that runs on this thread because it is short (P15)', shortEnough],
  ['that runs on this thread because the queue is full (P4)', queueFull],
])('a task %s', (_, start) => {
  it('does', async () => {
    const { run } = await start();
    expect(await run('where')).toBe('main');
  });

  it('gets copies of its arguments, and its caller a copy of the result', async () => {
    const { run } = await start();
    const thing = (): Thing => ({ value: 1, list: [1], bytes: Buffer.from('mine') });
    const given = thing();
    const result = await run<{ thing: Thing; isBuffer: boolean }>('spoil', [given]);
    expect(given).toEqual(thing());
    expect(result).toEqual({ thing: { value: -1, list: [1, -1], bytes: Buffer.alloc(4) }, isBuffer: true });
    expect(Buffer.isBuffer(result.thing.bytes)).toBe(true);
    const before = await run<number[]>('keptValues');
    result.thing.value = 7;
    expect(await run('keptValues')).toEqual(before);
  });

  it('may return the same object to several callers, who each get their own', async () => {
    const { run } = await start();
    const first = await run<Thing>('lend');
    first.value = 2;
    first.bytes.fill(0);
    const second = await run<Thing>('lend');
    expect([second.value, second.bytes.toString()]).toEqual([1, 'lent']);
  });

  it('takes what its caller transfers', async () => {
    const { run } = await start();
    const bytes = new Uint8Array(100);
    expect(await run('sizeOf', [bytes], { transfer: [bytes.buffer] })).toBe(100);
    expect(bytes.byteLength).toBe(0);
    const kept = new Uint8Array(100);
    expect(await run('sizeOf', [kept])).toBe(100);
    expect(kept.byteLength).toBe(100);
  });

  it.each(['throwIf', 'throwLaterIf'])('throws errors of their class: %s', async (task) => {
    const { run } = await start();
    const known = await rejectionOf(run(task, ['known']));
    expect(known).toBeInstanceOf(RangeError);
    expect(known).toMatchObject({ message: 'too far', cause: new TypeError('why') });
    expect(await rejectionOf(run(task, ['own']))).toBeInstanceOf(InlineError);
    expect(await rejectionOf(run(task, ['plain']))).toEqual({ plain: true });
  });

  it('refuses what could not cross to a thread, with its path', async () => {
    const { pool, run } = await start();
    const thing = { list: [{ fn: () => 1 }] };
    expect(await rejectionOf(run('where', [1, thing]))).toMatchObject({
      code: 'TASK_CLONE',
      path: 'args[1].list[0].fn',
    });
    expect(await rejectionOf(run('where', [Symbol('s')]))).toMatchObject({ code: 'TASK_CLONE', path: 'args[0]' });
    const refused = await rejectionOf(run('uncloneableIf', [true]));
    expect(refused).toMatchObject({
      name: 'TaskCloneError',
      code: 'TASK_CLONE',
      path: 'result.items[1]',
      pool: pool.name,
    });
    expect(refused.message).toContain(`task 'uncloneableIf'`);
  });

  it('hears of its abort, and its caller at once', async () => {
    const { pool, run } = await start();
    const controller = new AbortController();
    const call = rejectionOf(pool.run('abortedIf', [controller.signal]));
    await new Promise(setImmediate);
    controller.abort(new Error('enough'));
    expect(await call).toEqual(new Error('enough'));
    expect(await run('where')).toBe('main');
    const { submitted, completed, cancelled, failed } = pool.snapshot().counters;
    const { queueDepth, busy } = pool.snapshot();
    expect(submitted).toBe(completed + cancelled + failed + queueDepth + busy);
  });
});

describe('the bypass for short tasks (P15)', () => {
  it('is off by default', async () => {
    const pool = threadPool('inline', { size: { max: 1 } });
    for (let call = 0; call < 2 * LESSONS; call++) expect(await pool.run('where')).toBe('worker');
    expect(pool.snapshot().tasks['where']).toMatchObject({ inlined: 0 });
  });

  it('begins with the first call after the verdict', async () => {
    const pool = threadPool('inline', INLINE);
    const places: string[] = [];
    for (let call = 0; call < LESSONS + 5; call++) {
      await new Promise(setImmediate);
      places.push(await pool.run<string>('where'));
    }
    expect(places).toEqual([...range(0, LESSONS).map(() => 'worker'), ...range(0, 5).map(() => 'main')]);
    expect(pool.snapshot().tasks['where']).toMatchObject({ count: LESSONS + 5, inlined: 5, failed: 0 });
  });

  it('lets a turn of the event loop end: what comes after a millisecond goes to the workers', async () => {
    const { pool } = await shortEnough();
    const places = new Set<string>();
    const turn = { isOver: false };
    setImmediate(() => (turn.isOver = true));
    while (!turn.isOver) places.add(await pool.run<string>('where'));
    expect([...places].sort()).toEqual(['main', 'worker']);
  });

  it('is closed while the pool is paused', async () => {
    const { pool } = await shortEnough();
    pool.pause();
    const call = pool.run('where');
    expect(pool.snapshot().queueDepth).toBe(1);
    pool.resume();
    expect(await call).toBe('worker');
  });
});
