import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LineBound } from '../../../../lib/engines/thread/worker/line-bound.js';

describe('the bound of a worker’s log lines (U8)', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const admitted = (bound: LineBound, lines: number, now: number) =>
    Array.from({ length: lines }, () => bound.admits(now)).filter(Boolean).length;

  it('lets 1,000 lines pass within a second, and again in the next', () => {
    const tell = vi.fn<(leftOut: number) => void>();
    const bound = new LineBound(tell);
    expect(admitted(bound, 1_000, 5)).toBe(1_000);
    expect(admitted(bound, 1_000, 1_005)).toBe(1_000);
    vi.runAllTimers();
    expect(tell).not.toHaveBeenCalled();
  });

  it('lets 4 million characters pass within a second, and the line that goes beyond them', () => {
    const tell = vi.fn<(leftOut: number) => void>();
    const bound = new LineBound(tell);
    for (let line = 0; line < 3; line++) {
      expect(bound.admits(0)).toBe(true);
      bound.wrote(2_000_000 - 1);
    }
    expect(admitted(bound, 5, 999)).toBe(0);
    expect(admitted(bound, 5, 1_000)).toBe(5);
    expect(tell.mock.calls).toEqual([[5]]);
  });

  it('tells how many it left out, once: with the next line, or when the second is over', () => {
    const tell = vi.fn<(leftOut: number) => void>();
    const bound = new LineBound(tell);
    expect(admitted(bound, 1_234, 0)).toBe(1_000);
    expect(bound.admits(1_000)).toBe(true);
    vi.runAllTimers();
    expect(tell.mock.calls).toEqual([[234]]);
    expect(admitted(bound, 1_009, 1_500)).toBe(999);
    vi.runAllTimers();
    expect(tell.mock.calls).toEqual([[234], [10]]);
  });
});
