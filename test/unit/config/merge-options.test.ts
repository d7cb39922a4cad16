import { describe, expect, it } from 'vitest';
import { mergedBudget, mergedPool } from '../../../lib/config/merge-options.js';
import type { PoolOptions } from '../../../lib/core/contract/pool-options.js';

const CODE: PoolOptions = {
  name: 'images',
  size: { min: 2, max: 8, initial: 6 },
  queue: { capacity: 100, overflow: 'wait' },
  taskTimeoutMs: 500,
  idleExpiryMs: 1_000,
  scaling: { policy: 'latency', objectiveMs: 50 },
};

describe('the options of code, and what a file says of them (O5)', () => {
  it('leave code alone where the file says nothing', () => {
    expect(mergedPool(CODE, undefined)).toEqual(CODE);
    expect(mergedPool(CODE, null)).toEqual(CODE);
    expect(mergedPool(CODE, { size: null, queue: null })).toEqual(CODE);
  });

  it("are the file's, key by key; null is none", () => {
    const merged = mergedPool(CODE, {
      size: { max: 4 },
      queue: { capacity: 5 },
      taskTimeoutMs: null,
      scaling: 'thrifty',
    });
    expect(merged).toEqual({
      ...CODE,
      size: { min: 2, max: 4, initial: 4 },
      queue: { capacity: 5, overflow: 'wait' },
      taskTimeoutMs: undefined,
      scaling: { policy: 'thrifty', objectiveMs: 50 },
    });
    expect(mergedPool(CODE, { scaling: { objectiveMs: 20 } }).scaling).toEqual({ policy: 'latency', objectiveMs: 20 });
    expect(mergedPool({ ...CODE, scaling: 'course' }, { scaling: { objectiveMs: 20 } }).scaling).toEqual({
      policy: 'course',
      objectiveMs: 20,
    });
  });

  it('start with as many workers as code says, within the bounds of the file', () => {
    expect(mergedPool(CODE, { size: { min: 7 } }).size).toEqual({ min: 7, max: 8, initial: 7 });
    expect(mergedPool({ name: 'a', size: { max: 3 } }, { size: { min: 2 } }).size).toEqual({ min: 2, max: 3 });
  });

  it('let a file use the signals of the policy in code, by name: a breaker is no data', () => {
    const breaker = { type: 'breaker', breaker: { state: 'open' } } as never;
    const code = { ...CODE, scaling: { policy: { signals: { payments: breaker } } } };
    const signals = {
      breaker: 'payments',
      smooth: { type: 'ewma', of: 'payments', alpha: 1 },
      depth: 'queueDepth',
    } as const;
    const { scaling } = mergedPool(code, { scaling: { policy: { preset: 'balanced', signals } } });
    expect(scaling).toEqual({
      policy: {
        preset: 'balanced',
        signals: { breaker, smooth: { type: 'ewma', of: breaker, alpha: 1 }, depth: 'queueDepth' },
      },
    });
  });

  it('share a budget: priorities go with the sharing that they belong to', () => {
    const code = { workers: 8, sharing: 'priority', priorities: { a: 1, b: 2 } } as const;
    expect(mergedBudget(code, undefined)).toEqual(code);
    expect(mergedBudget(code, { workers: 4 })).toEqual({ ...code, workers: 4 });
    expect(mergedBudget(code, { sharing: 'first-come' })).toEqual({ workers: 8, sharing: 'first-come' });
    expect(mergedBudget({ workers: 8 }, { sharing: 'priority', priorities: { a: 1 } })).toEqual({
      workers: 8,
      sharing: 'priority',
      priorities: { a: 1 },
    });
  });
});
