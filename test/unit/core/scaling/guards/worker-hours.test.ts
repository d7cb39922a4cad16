import { describe, expect, it } from 'vitest';
import { guard } from '../../../../support/build.js';
import { inputOf } from '../../../../support/decision-inputs.js';

const HOUR = 3_600_000;

describe('the guard worker-hours (D8)', () => {
  /** Asks for `wanted` workers at each tick of a second; tells worker-hours used in each period, and the last verdict. */
  function run(spec: object, wanted: number, hours: number, min = 1) {
    const built = guard({ type: 'worker-hours', ...spec }, { tickMs: 1_000 });
    const used: number[] = [];
    let target = min;
    let held: string | undefined;
    for (let now = 0; now < hours * HOUR; now += 1_000) {
      const verdict = built.apply({ target: wanted, why: '' }, inputOf({ now, target, min, max: 64 }));
      target = verdict.target;
      held = verdict.heldBy;
      const period = Math.floor(now / HOUR);
      used[period] = (used[period] ?? 0) + target / 3_600;
    }
    return { used, target, held };
  }

  it('lets a pool within its budget do as it likes', () => {
    const { used, held } = run({ hours: 8, periodMs: HOUR }, 8, 1);
    expect(used[0]).toBeCloseTo(8, 1);
    expect(held).toBeUndefined();
  });

  it('brings it to its floor before the budget is exceeded, and says why', () => {
    const { used, target, held } = run({ hours: 4, periodMs: HOUR }, 16, 1);
    expect(used[0]).toBeLessThanOrEqual(4.01);
    expect(used[0]).toBeGreaterThan(3.9);
    expect(target).toBe(1);
    expect(held).toBe('worker-hours: 4 h in 1 h');
  });

  it('has the whole budget again in the next period', () => {
    const { used } = run({ hours: 4, periodMs: HOUR }, 16, 3);
    expect(used).toHaveLength(3);
    for (const hours of used) {
      expect(hours).toBeLessThanOrEqual(4.01);
      expect(hours).toBeGreaterThan(3.9);
    }
  });

  it('sets aside what the floor needs', () => {
    // A floor of 3 uses 3 of the 4 hours.
    const { used, target } = run({ hours: 4, periodMs: HOUR }, 16, 1, 3);
    expect(used[0]).toBeLessThanOrEqual(4.01);
    expect(target).toBe(3);
  });

  it('keeps the floor even where it alone exceeds the budget', () => {
    const { target, used } = run({ hours: 1, periodMs: HOUR }, 16, 1, 3);
    expect(target).toBe(3);
    expect(used[0]).toBeCloseTo(3, 1);
  });

  it('glides down, since a worker that is told to leave runs on for a while', () => {
    // A hundredth of the hour is 36 s: 144 worker-seconds above the floor are enough for 4 workers more, and 143 for 3.
    const built = guard({ type: 'worker-hours', hours: 1.04, periodMs: HOUR });
    expect(built.apply({ target: 9, why: '' }, inputOf({ now: 0 }))).toMatchObject({ target: 5 });
    expect(built.apply({ target: 9, why: '' }, inputOf({ now: 250, size: 5 }))).toMatchObject({ target: 4 });
  });

  it('counts workers that have yet to leave, and skips periods in which nobody asked', () => {
    const built = guard({ type: 'worker-hours', hours: 2, periodMs: HOUR });
    const apply = (now: number, size: number) =>
      built.apply({ target: 4, why: '' }, inputOf({ now, target: 2, size })).target;
    expect(apply(0, 8)).toBe(4);
    // 8 workers for 10 minutes, 80 minutes of 120; the floor needs 50 for the rest of the hour.
    expect(apply(HOUR / 6, 1)).toBe(1);
    // 2.5 periods later, after half a period with one worker.
    expect(apply(3.5 * HOUR, 1)).toBe(4);
  });

  it.each([
    [{}, /guard\.hours is undefined/],
    [{ hours: 0 }, /guard\.hours is 0, but must be a finite number above 0/],
    [{ hours: 1, periodMs: 500 }, /guard\.periodMs is 500, but must be at least 1,000 ms/],
    [{ hours: 1, period: HOUR }, /guard has no option "period"\. Did you mean 'periodMs'\?/],
  ])('refuses %o', (options, message) => {
    expect(() => guard({ type: 'worker-hours', ...options })).toThrow(message);
  });
});
