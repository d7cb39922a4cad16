import { describe, expect, it } from 'vitest';
import { Pid } from '../../../../../lib/core/scaling/deciders/pid.js';
import { decider } from '../../../../support/build.js';
import { inputOf } from '../../../../support/decision-inputs.js';

const OPTIONS = { setpoint: 0.7, kp: 0, ki: 0, kd: 0, integralLimit: 2, derivativeMs: 1_000 };

describe('the PID controller (D4)', () => {
  it('answers an error in proportion', () => {
    const pid = new Pid({ ...OPTIONS, kp: 10 });
    expect(pid.step(0.9, 0)).toBeCloseTo(2, 12);
    expect(pid.step(0.7, 500)).toBeCloseTo(0, 12);
    expect(pid.step(0.5, 1_000)).toBeCloseTo(-2, 12);
  });

  it('adds up errors over time, in seconds', () => {
    const pid = new Pid({ ...OPTIONS, ki: 0.5 });
    // The first measurement has lasted for no time yet.
    expect(pid.step(0.9, 0)).toBe(0);
    expect(pid.step(0.9, 500)).toBeCloseTo(0.5 * 0.2 * 0.5, 12);
    expect(pid.step(0.9, 1_000)).toBeCloseTo(0.5 * 0.2 * 1, 12);
    expect(pid.step(0.7, 2_000)).toBeCloseTo(0.1, 12);
  });

  it('clamps what the integral adds (S0 B12)', () => {
    const pid = new Pid({ ...OPTIONS, ki: 0.5 });
    for (let now = 0; now <= 3_600_000; now += 500) pid.step(1, now);
    expect(pid.integralPart).toBe(2);
    for (let now = 3_600_500; now <= 7_200_000; now += 500) pid.step(0, now);
    expect(pid.integralPart).toBe(-2);
  });

  it('does not integrate while saturated in the direction of the error (S0 B12)', () => {
    const pid = new Pid({ ...OPTIONS, ki: 1, integralLimit: 1_000 });
    pid.step(1, 0);
    for (let now = 500; now <= 600_000; now += 500) pid.step(1, now, 1);
    expect(pid.integralPart).toBe(0);
    pid.step(0.5, 600_500, 1);
    expect(pid.integralPart).toBeCloseTo(-0.1, 12);
    pid.step(0.5, 601_000, -1);
    expect(pid.integralPart).toBeCloseTo(-0.1, 12);
  });

  it('filters the derivative: a step of the error comes in over the time constant', () => {
    const pid = new Pid({ ...OPTIONS, kd: 1 });
    pid.step(0.7, 0);
    // Slope 1/s over 0.5 s, weighed by 0.5 / (1 + 0.5).
    expect(pid.step(1.2, 500)).toBeCloseTo(1 / 3, 12);
    // No further change: it dies away by a third at each step.
    expect(pid.step(1.2, 1_000)).toBeCloseTo(2 / 9, 12);
    expect(pid.step(1.2, 1_500)).toBeCloseTo(4 / 27, 12);
  });

  it('is not thrown by time that stands still or runs back', () => {
    const pid = new Pid({ ...OPTIONS, kp: 10, ki: 1, kd: 1 });
    pid.step(0.8, 1_000);
    const outputs = [pid.step(0.8, 1_000), pid.step(0.8, 500), pid.step(0.8, 1_500)];
    expect(outputs.every(Number.isFinite)).toBe(true);
  });
});

/** Drives a pool in which `load` workers are busy on average; tells the size at each tick of 500 ms. */
function drive(spec: object, loads: readonly number[], { from = 4, max = 32 } = {}): number[] {
  const built = decider({ type: 'pid', signal: 'utilization', setpoint: 0.7, ...spec });
  const sizes: number[] = [];
  let target = from;
  for (const [tick, load] of loads.entries()) {
    const utilization = Math.min(1, load / target);
    const proposal = built.decide(inputOf({ now: tick * 500, target, max, signals: { utilization } }));
    target = Math.max(1, Math.min(max, proposal.target));
    sizes.push(target);
  }
  return sizes;
}

describe('the PID decider (D4, S1 T16)', () => {
  it('adds the rounded output to the size', () => {
    const built = decider({ type: 'pid', signal: 'utilization', setpoint: 0.7, kp: 10, ki: 0, kd: 0 });
    const propose = (utilization: number, now: number) => built.decide(inputOf({ now, signals: { utilization } }));
    expect(propose(1, 0)).toEqual({ target: 7, why: 'utilization is 1, above its set-point of 0.7' });
    expect(propose(0.66, 500)).toEqual({ target: 4, why: 'utilization is 0.66, below its set-point of 0.7' });
    expect(propose(0.7, 1_000)).toEqual({ target: 4, why: 'utilization is 0.7, at its set-point of 0.7' });
    expect(propose(0.5, 1_500).target).toBe(2);
  });

  it("holds utilization near the set-point with the course's gains", () => {
    // A load of 7 workers: 10 of them are 70 % busy.
    const sizes = drive({}, Array<number>(240).fill(7));
    expect(Math.min(...sizes.slice(-120))).toBeGreaterThanOrEqual(9);
    expect(Math.max(...sizes.slice(-120))).toBeLessThanOrEqual(11);
  });

  it('comes down at once after an hour at its maximum (S0 B12)', () => {
    const loads = [...Array<number>(7_200).fill(40), ...Array<number>(60).fill(7)];
    const sizes = drive({ kp: 10, ki: 0.5, kd: 0 }, loads);
    expect(sizes[7_199]).toBe(32);
    expect(sizes[7_200]).toBeLessThan(32);
    expect(sizes.at(-1)).toBeLessThanOrEqual(11);
    expect(Math.min(...sizes.slice(7_200))).toBeGreaterThanOrEqual(8);
  });

  it('does not wind up while a guard holds what it proposes', () => {
    const built = decider({
      type: 'pid',
      signal: 'utilization',
      setpoint: 0.7,
      kp: 10,
      ki: 1,
      kd: 0,
      integralLimit: 50,
    });
    const propose = (utilization: number, now: number) =>
      built.decide(inputOf({ now, signals: { utilization } })).target;
    for (let now = 0; now <= 60_000; now += 500) expect(propose(1, now)).toBe(7);
    expect(propose(0.7, 60_500)).toBe(4);
  });

  it.each([
    [{ kp: -1 }, /decider\.kp is -1, but must be a finite number from 0/],
    [{ ki: -0.1 }, /decider\.ki is -0\.1/],
    [{ kd: NaN }, /decider\.kd is NaN/],
    [{ kp: 0, ki: 0, kd: 0 }, /decider\.kp is 0, but must be above 0 where ki and kd are 0/],
    [{ integralLimit: 0 }, /decider\.integralLimit is 0/],
    [{ derivativeMs: 0 }, /decider\.derivativeMs is 0/],
    [{ setpoint: undefined }, /decider\.setpoint is undefined/],
    [{ Kp: 1 }, /decider has no option "Kp"\. Did you mean 'kp'\?/],
  ])('refuses %o', (change, message) => {
    expect(() => decider({ type: 'pid', signal: 'utilization', setpoint: 0.7, ...change })).toThrow(message);
  });
});
