import { describe, expect, it } from 'vitest';
import { Cooldown } from '../../../../../lib/core/scaling/guards/cooldown.js';
import { guard } from '../../../../support/build.js';
import { inputOf } from '../../../../support/decision-inputs.js';

const COURSE = { type: 'cooldown', upMs: 2_000, downMs: 30_000 };
const GROW = { target: 6, why: 'it is busy' };
const SHRINK = { target: 3, why: 'it is idle' };
const HELD = { target: 4, heldBy: 'cooldown' };

describe('a cooldown alone (D2, S1 T13)', () => {
  it('allows, is recorded, and allows again once its time has passed', () => {
    const cooldown = new Cooldown(1_000, 5_000);
    expect(cooldown.allowUp(0)).toBe(true);
    cooldown.recordUp(0);
    expect(cooldown.allowUp(500)).toBe(false);
    expect(cooldown.allowUp(999)).toBe(false);
    expect(cooldown.allowUp(1_000)).toBe(true);
    expect(cooldown.allowUp(2_000)).toBe(true);
  });

  it('keeps the two directions apart', () => {
    const cooldown = new Cooldown(1_000, 5_000);
    cooldown.recordUp(0);
    expect(cooldown.allowDown(1)).toBe(true);
    cooldown.recordDown(1);
    expect([cooldown.allowUp(1_000), cooldown.allowDown(1_000)]).toEqual([true, false]);
    expect([cooldown.allowDown(5_000), cooldown.allowDown(5_001)]).toEqual([false, true]);
  });
});

describe('the guard cooldown (D2)', () => {
  it('holds a grow within its time, and lets a shrink pass (S0 B5)', () => {
    const built = guard(COURSE);
    expect(built.apply(GROW, inputOf({ now: 0 }))).toEqual({ target: 6 });
    built.resized!(4, 6, 0);
    expect(built.apply(GROW, inputOf({ now: 1_999 }))).toEqual(HELD);
    expect(built.apply(SHRINK, inputOf({ now: 1_999 }))).toEqual({ target: 3 });
    expect(built.apply(GROW, inputOf({ now: 2_000 }))).toEqual({ target: 6 });
  });

  it('counts resizes that were applied, not proposals (S0 B10)', () => {
    const built = guard(COURSE);
    for (const now of [0, 500, 1_000]) expect(built.apply(GROW, inputOf({ now }))).toEqual({ target: 6 });
    built.resized!(4, 6, 1_000);
    expect(built.apply(GROW, inputOf({ now: 1_500 }))).toEqual(HELD);
    built.resized!(6, 6, 2_900);
    expect(built.apply(GROW, inputOf({ now: 3_000 }))).toEqual({ target: 6 });
  });

  it('counts each resize, so that growth has a pace (S0 B5)', () => {
    const built = guard(COURSE);
    const grows: number[] = [];
    for (let now = 0; now <= 10_000; now += 100) {
      const { target } = built.apply(GROW, inputOf({ now }));
      if (target === 4) continue;
      grows.push(now);
      built.resized!(4, target, now);
    }
    expect(grows).toEqual([0, 2_000, 4_000, 6_000, 8_000, 10_000]);
  });

  it('allows the first resize at once, at any time of the clock (S0 B14)', () => {
    expect(guard(COURSE).apply(GROW, inputOf({ now: 1 }))).toEqual({ target: 6 });
    expect(guard(COURSE).apply(SHRINK, inputOf({ now: 1 }))).toEqual({ target: 3 });
  });

  it('seeded, holds the first resize until a cooldown after the first tick (S0 B14)', () => {
    const built = guard({ ...COURSE, seeded: true });
    expect(built.apply(GROW, inputOf({ now: 7_000 }))).toEqual(HELD);
    expect(built.apply(GROW, inputOf({ now: 8_999 }))).toEqual(HELD);
    expect(built.apply(GROW, inputOf({ now: 9_000 }))).toEqual({ target: 6 });
    expect(built.apply(SHRINK, inputOf({ now: 36_999 }))).toEqual(HELD);
    expect(built.apply(SHRINK, inputOf({ now: 37_000 }))).toEqual({ target: 3 });
  });

  it('leaves a direction alone for which it has no time', () => {
    const built = guard({ type: 'cooldown', downMs: 1_000 });
    built.resized!(4, 6, 0);
    built.resized!(6, 4, 0);
    expect(built.apply(GROW, inputOf({ now: 0 }))).toEqual({ target: 6 });
    expect(built.apply(SHRINK, inputOf({ now: 999 }))).toEqual(HELD);
  });

  it('has nothing against staying', () => {
    const built = guard({ ...COURSE, seeded: true });
    expect(built.apply({ target: 4, why: 'calm' }, inputOf())).toEqual({ target: 4 });
  });

  it.each([
    [{ upMs: 499 }, /guard\.upMs is 499, but must be at least the tick, 500 ms: what is shorter has no effect/],
    [{ downMs: 0 }, /guard\.downMs is 0, but must be a number of milliseconds above 0/],
    [{ downMs: -1 }, /guard\.downMs is -1/],
    [
      { upMs: undefined, downMs: undefined },
      /guard\.upMs is undefined, but must be a number of milliseconds where downMs is/,
    ],
    [{ seeded: 'yes' }, /guard\.seeded is "yes", but must be true or false/],
  ])('refuses %o', (change, message) => {
    expect(() => guard({ ...COURSE, ...change }, { tickMs: 500 })).toThrow(message);
  });

  it('takes a cooldown of one tick', () => {
    expect(() => guard({ type: 'cooldown', upMs: 500 }, { tickMs: 500 })).not.toThrow();
    expect(() => guard({ type: 'cooldown', upMs: 249 })).toThrow(/at least the tick, 250 ms/);
  });
});
