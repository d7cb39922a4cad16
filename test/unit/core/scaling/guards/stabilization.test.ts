import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SlidingExtreme } from '../../../../../lib/core/scaling/guards/sliding-extreme.js';
import { guard } from '../../../../support/build.js';
import { inputOf } from '../../../../support/decision-inputs.js';

describe('the guard stabilization', () => {
  /** Proposals by time; tells the sizes that come of them. */
  function run(spec: object, from: number, proposals: readonly (readonly [number, number])[]): string[] {
    const built = guard({ type: 'stabilization', ...spec });
    let target = from;
    return proposals.map(([now, proposed]) => {
      const { heldBy, ...verdict } = built.apply({ target: proposed, why: '' }, inputOf({ now, target }));
      target = verdict.target;
      return heldBy === undefined ? String(target) : `${target} ${heldBy}`;
    });
  }

  it('shrinks to the highest proposal of the last while', () => {
    const sizes = run({ downMs: 3_000 }, 8, [
      [0, 8],
      [1_000, 5],
      [2_000, 6],
      [3_000, 4],
      // The 8 is too old now; the 6 is not.
      [3_001, 4],
      [5_000, 4],
      [5_001, 4],
      [6_001, 2],
      [6_002, 9],
    ]);
    const held = 'stabilization';
    const expected = [`8`, `8 ${held}`, `8 ${held}`, `8 ${held}`, `6 ${held}`, `6 ${held}`, '4', `4 ${held}`, '9'];
    expect(sizes).toEqual(expected);
  });

  it('grows to the lowest proposal of the last while, where that is asked for', () => {
    const sizes = run({ upMs: 1_000 }, 2, [
      [0, 2],
      [500, 6],
      [1_000, 8],
      [1_001, 8],
      [1_501, 8],
      [1_502, 1],
    ]);
    expect(sizes).toEqual(['2', '2 stabilization', '2 stabilization', '6 stabilization', '8', '1']);
  });

  it('never turns a shrink into a grow, nor the reverse', () => {
    // The highest proposal is above the size: another guard held it.
    const built = guard({ type: 'stabilization', downMs: 10_000, upMs: 10_000 });
    built.apply({ target: 20, why: '' }, inputOf({ now: 0 }));
    expect(built.apply({ target: 2, why: '' }, inputOf({ now: 1 }))).toEqual({ target: 4, heldBy: 'stabilization' });
    expect(built.apply({ target: 30, why: '' }, inputOf({ now: 2 }))).toEqual({ target: 4, heldBy: 'stabilization' });
  });

  it('forgets nothing of use for a proposal that is no number', () => {
    const built = guard({ type: 'stabilization', downMs: 1_000 });
    expect(built.apply({ target: NaN, why: '' }, inputOf())).toEqual({ target: NaN });
    expect(built.apply({ target: 2, why: '' }, inputOf())).toEqual({ target: 2 });
  });

  it.each([
    [{}, /guard\.downMs is undefined, but must be a number of milliseconds where upMs is left out too/],
    [{ downMs: 100 }, /guard\.downMs is 100, but must be at least the tick, 250 ms/],
    [{ upMs: 0 }, /guard\.upMs is 0/],
  ])('refuses %o', (options, message) => {
    expect(() => guard({ type: 'stabilization', ...options })).toThrow(message);
  });
});

describe('the extreme of a sliding window', () => {
  it('is that of all values in the window', () => {
    const entry = fc.record({ after: fc.integer({ min: 0, max: 40 }), value: fc.integer({ min: 1, max: 20 }) });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 60 }), fc.constantFrom('highest', 'lowest'), (entries, kind) => {
        const extreme = new SlidingExtreme(100, kind as 'highest' | 'lowest');
        const seen: { at: number; value: number }[] = [];
        let now = 0;
        for (const { after, value } of entries) {
          now += after;
          seen.push({ at: now, value });
          const within = seen.filter(({ at }) => now - at <= 100).map((one) => one.value);
          expect(extreme.add(value, now)).toBe(kind === 'highest' ? Math.max(...within) : Math.min(...within));
        }
      }),
    );
  });
});
