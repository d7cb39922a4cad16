import { describe, expect, it } from 'vitest';
import type { PoolOptions } from '../../../../lib/core/contract/pool-options.js';
import { PoolConfigError } from '../../../../lib/core/errors.js';
import { resolvePoolOptions } from '../../../../lib/core/pool/resolve-options.js';
import { usableCores } from '../../../../lib/core/usable-cores.js';
import { createPool } from '../../../../lib/entries/create.js';

const NOT_A_COUNT = [0, -1, 1.5, NaN, Infinity, -Infinity, '4', 4n, true, [2], {}];

/** Options as they may come from plain JavaScript or a file. */
function resolve(options: Record<string, unknown>) {
  return resolvePoolOptions({ name: 'images', ...options } as PoolOptions);
}

function refusal(options: Record<string, unknown>): PoolConfigError {
  try {
    resolve(options);
  } catch (error) {
    expect(error).toBeInstanceOf(PoolConfigError);
    return error as PoolConfigError;
  }
  throw new Error(`${JSON.stringify(options)} was to be refused`);
}

describe('defaults', () => {
  it('are those of the contract', () => {
    expect(resolve({})).toMatchObject({
      kind: 'threads',
      min: 1,
      max: usableCores(),
      initial: 1,
      queueCapacity: 10_000,
      idleExpiryMs: 30_000,
      taskTimeoutMs: null,
      queueTimeoutMs: null,
      abortGraceMs: 1_000,
      concurrency: 1,
      windowMs: 10_000,
      sampleEvery: 1,
      recycle: { afterTasks: Infinity, aboveHeapMb: Infinity, afterMs: Infinity },
    });
  });

  it('initial is min, and max follows a min above the cores', () => {
    expect(resolve({ size: { min: 3, max: 8 } })).toMatchObject({ min: 3, initial: 3 });
    expect(resolve({ size: { min: 600 } })).toMatchObject({ min: 600, max: 600, initial: 600 });
    expect(resolve({ size: { initial: 600 } })).toMatchObject({ min: 1, max: 600, initial: 600 });
  });

  it('an async pool has no natural maximum and asks for one', () => {
    expect(refusal({ kind: 'async' }).message).toMatch(
      /pool 'images': size\.max is required for kind 'async'.*1 to 1024/,
    );
  });

  it('the result is frozen', () => {
    expect(Object.isFrozen(resolve({}))).toBe(true);
  });
});

describe('sizes that are refused (P7)', () => {
  it.each(['min', 'max', 'initial'].flatMap((key) => NOT_A_COUNT.map((value) => [key, value] as const)))(
    'size.%s: %o',
    (key, value) => {
      const error = refusal({ size: { max: 4, [key]: value } });
      expect(error).toMatchObject({ code: 'POOL_CONFIG', pool: 'images' });
      expect(error.message).toContain(`pool 'images': size.${key} is `);
      expect(error.message).toContain('a whole number from 1 to 1,024');
    },
  );

  it('null is a value too, and refused', () => {
    expect(refusal({ size: { min: null } }).message).toContain('size.min is null');
    expect(refusal({ size: { max: null } }).message).toContain('size.max is null');
  });

  it('zero points to pause(), infinity says that unlimited does not exist', () => {
    expect(refusal({ size: { min: 0 } }).message).toContain('pause() is the only way to zero workers');
    expect(refusal({ size: { max: Infinity } }).message).toContain(`'unlimited' does not exist`);
  });

  it.each([1_025, 2 ** 31, Number.MAX_SAFE_INTEGER])('a max of %d, above the ceiling of 1,024', (max) => {
    expect(refusal({ size: { max } })).toMatchObject({ cause: expect.any(RangeError) });
  });

  it('min above max, with both', () => {
    expect(refusal({ size: { min: 5, max: 4 } }).message).toBe(
      `pool 'images': size.min is 5, but must be at most size.max, which is 4.`,
    );
  });

  it.each([
    [2, 3, 4],
    [5, 1, 4],
  ])('an initial of %d outside %d..%d', (initial, min, max) => {
    expect(refusal({ size: { initial, min, max } }).message).toContain(`from size.min to size.max, ${min} to ${max}`);
  });
});

describe('other options that are refused', () => {
  const counts = ['queue.capacity', 'worker.concurrency', 'worker.recycle.afterTasks', 'stats.sampleEvery'];
  const durations = [
    'idleExpiryMs',
    'taskTimeoutMs',
    'queueTimeoutMs',
    'abortGraceMs',
    'worker.recycle.afterMs',
    'stats.windowMs',
  ];

  /** `{ a: { b: value } }` for `a.b`. */
  function nested(path: string, value: unknown): Record<string, unknown> {
    return path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Record<string, unknown>;
  }

  it.each(counts.flatMap((path) => NOT_A_COUNT.map((value) => [path, value] as const)))('%s: %o', (path, value) => {
    const { message } = refusal(nested(path, value));
    expect(message).toContain(`pool 'images': ${path} is `);
    expect(message).toContain('a whole number from 1 to');
  });

  it.each(
    durations.flatMap((path) => [0, -1, NaN, Infinity, 2 ** 31, '1s', {}].map((value) => [path, value] as const)),
  )('%s: %o', (path, value) => {
    const { message } = refusal(nested(path, value));
    expect(message).toContain(`pool 'images': ${path} is `);
    expect(message).toContain('a number of milliseconds above 0');
  });

  it.each<[Record<string, unknown>, string]>([
    [{ kind: 'fibers' }, `kind is "fibers", but must be 'threads' or 'async'`],
    [
      { queue: { overflow: 'drop' } },
      `queue.overflow is "drop", but must be 'reject' or 'wait' or 'drop-oldest' or 'caller-runs'`,
    ],
    [{ queue: { order: 'lifo' } }, `queue.order is "lifo", but must be 'fifo' or 'priority' or 'fair'`],
    [{ queue: { weights: { a: 0 } } }, 'queue.weights.a is 0, but must be a finite number above 0'],
    [{ scaling: { tickMs: 1 } }, 'scaling.tickMs is 1, but must be at least 10 ms'],
    [{ scaling: true }, 'scaling is true'],
    [{ size: 4 }, 'size is 4, but must be an object'],
    [{ queue: [] }, 'queue is an array, but must be an object'],
    [{ worker: { recycle: 100 } }, 'worker.recycle is 100, but must be an object'],
    [{ worker: { execArgv: '--no-warnings' } }, 'worker.execArgv is "--no-warnings", but must be an array of strings'],
    [{ worker: { execArgv: [1] } }, 'worker.execArgv is an array, but must be an array of strings'],
    [{ worker: { env: 'A=1' } }, 'worker.env is "A=1", but must be an object'],
    [{ worker: { resourceLimits: 64 } }, 'worker.resourceLimits is 64, but must be an object'],
  ])('%o', (options, message) => {
    expect(refusal(options).message).toContain(`pool 'images': ${message}`);
  });

  it.each<[Record<string, unknown>, string]>([
    [{ szie: {} }, `the pool has no option "szie". Did you mean 'size'? Options: name, kind, tasks, size,`],
    [{ size: { maximum: 4 } }, 'size has no option "maximum". Options: min, max, initial.'],
    [{ queue: { capcity: 4 } }, `queue has no option "capcity". Did you mean 'capacity'?`],
    [{ worker: { concurency: 4 } }, `worker has no option "concurency". Did you mean 'concurrency'?`],
    [{ worker: { recycle: { afterTask: 4 } } }, `worker.recycle has no option "afterTask". Did you mean 'afterTasks'?`],
    [{ stats: { window: 4 } }, `stats has no option "window". Did you mean 'windowMs'?`],
    [
      { worker: { resourceLimits: { maxOldGenerationSizeMB: 64 } } },
      `worker.resourceLimits has no option "maxOldGenerationSizeMB". Did you mean 'maxOldGenerationSizeMb'?`,
    ],
  ])('unknown: %o', (options, message) => {
    expect(refusal(options).message).toContain(`pool 'images': ${message}`);
  });

  it.each([undefined, '', '  ', 7, null])('a name of %o', (name) => {
    expect(() => resolvePoolOptions({ name } as PoolOptions)).toThrow(/name is .*, but must be a non-empty string/);
  });

  it.each([undefined, null, 'images', []])('options of %o', (options) => {
    expect(() => resolvePoolOptions(options as never)).toThrow(PoolConfigError);
  });
});

describe('the tasks of an async pool', () => {
  const async = (tasks: unknown) =>
    createPool({ name: 'calls', kind: 'async', size: { max: 2 }, tasks } as unknown as PoolOptions);

  it.each<[unknown, string]>([
    ['./tasks.js', `tasks is "./tasks.js", but must be a record of functions, since kind is 'async'`],
    [new URL('file:///tasks.js'), 'a record of functions'],
    [undefined, 'tasks is undefined, but must be an object'],
    [[() => 1], 'tasks is an array'],
    [{ add: 1 }, 'tasks.add is 1, but must be a function'],
  ])('%o is refused', (tasks, message) => {
    expect(() => async(tasks)).toThrow(message);
  });
});
