import { describe, expect, it, vi } from 'vitest';
import type { Signal, SignalValue } from '../../../../../lib/core/scaling/contract.js';
import { ewmaSignal, type Smoothing } from '../../../../../lib/core/scaling/signals/ewma-signal.js';
import { utilizationSignal } from '../../../../../lib/core/scaling/signals/reading-signals.js';
import { readingOf } from '../../../../support/readings.js';

/** A signal that says what it is told to. */
function puppet(): Signal & { says: SignalValue | null } {
  return {
    says: null,
    read() {
      return this.says;
    },
  };
}

describe('an exponentially weighted average around a signal (S3)', () => {
  it.each<[string, Smoothing, [number, number][], number]>([
    ['starts with the first value', { halfLifeMs: 1_000 }, [[0, 8]], 8],
    [
      'is half way after one half-life',
      { halfLifeMs: 1_000 },
      [
        [0, 0],
        [1_000, 8],
      ],
      4,
    ],
    [
      'is three quarters of the way after two',
      { halfLifeMs: 1_000 },
      [
        [0, 0],
        [2_000, 8],
      ],
      6,
    ],
    [
      'gets as far in four steps as in one',
      { halfLifeMs: 1_000 },
      [
        [0, 0],
        [250, 8],
        [500, 8],
        [750, 8],
        [1_000, 8],
      ],
      4,
    ],
    [
      "takes alpha of each value: the course's form",
      { alpha: 0.3 },
      [
        [0, 10],
        [1, 20],
        [2, 20],
      ],
      0.3 * 20 + 0.7 * 13,
    ],
    [
      'with alpha 1 is the last value',
      { alpha: 1 },
      [
        [0, 10],
        [1, 20],
      ],
      20,
    ],
  ])('%s', (_, smoothing, values, expected) => {
    const inner = puppet();
    const average = ewmaSignal(inner, smoothing);
    for (const [at, value] of values) {
      inner.says = { value, at };
      average.observe!(readingOf(), at);
    }
    const [last] = values.at(-1)!;
    expect(average.read(last)!.value).toBeCloseTo(expected, 10);
    expect(average.read(last)!.at).toBe(last);
  });

  it('counts a value once, however often it is read', () => {
    const inner = puppet();
    const average = ewmaSignal(inner, { alpha: 0.5 });
    inner.says = { value: 0, at: 0 };
    average.read(0);
    inner.says = { value: 8, at: 1 };
    for (let read = 0; read < 5; read++) expect(average.read(10 + read)).toEqual({ value: 4, at: 1 });
  });

  it('has no value before the signal has one', () => {
    expect(ewmaSignal(puppet(), { alpha: 0.5 }).read(0)).toBeNull();
  });

  it('passes on what is not finite and does not average it', () => {
    const inner = puppet();
    const average = ewmaSignal(inner, { alpha: 0.5 });
    inner.says = { value: 4, at: 0 };
    average.read(0);
    inner.says = { value: Number.NaN, at: 1 };
    expect(average.read(1)!.value).toBeNaN();
    inner.says = { value: 8, at: 2 };
    expect(average.read(2)!.value).toBe(6);
  });

  it('starts over when time goes backwards', () => {
    const inner = puppet();
    const average = ewmaSignal(inner, { halfLifeMs: 1_000 });
    inner.says = { value: 4, at: 5_000 };
    average.read(5_000);
    inner.says = { value: 9, at: 10 };
    expect(average.read(10)).toEqual({ value: 9, at: 10 });
  });

  it('passes on what the signal throws', () => {
    const average = ewmaSignal(
      {
        read: () => {
          throw new Error('broken');
        },
      },
      { alpha: 0.5 },
    );
    expect(() => average.read(0)).toThrow('broken');
  });

  it('passes readings, the close and the age limit on, and can wrap another average', () => {
    const close = vi.fn<() => void>();
    const inner = { ...utilizationSignal(), close, staleAfterMs: 77 };
    const average = ewmaSignal(ewmaSignal(inner, { alpha: 0.5 }), { alpha: 0.5 });
    average.observe!(readingOf({ busy: 0 }), 0);
    average.observe!(readingOf({ busy: 4 }), 1);
    expect(average.read(1)).toEqual({ value: 0.25, at: 1 });
    expect(average.staleAfterMs).toBe(77);
    average.close!();
    expect(close).toHaveBeenCalledOnce();
  });
});
