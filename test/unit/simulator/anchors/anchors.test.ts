import { describe, expect, it } from 'vitest';
import type { Decider } from '../../../../lib/core/scaling/contract.js';
import { ANCHORS } from '../../../../lib/simulator/anchors/anchors.js';
import { hpa } from '../../../../lib/simulator/anchors/hpa.js';
import { knative } from '../../../../lib/simulator/anchors/knative.js';
import { onDemand } from '../../../../lib/simulator/anchors/on-demand.js';
import { constant, poissonWorkload } from '../../../../lib/simulator/load/index.js';
import { simulate } from '../../../../lib/simulator/simulate.js';
import { inputOf, type InputParts } from '../../../support/decision-inputs.js';

/** Asks every `everyMs`, from `from` up to and including `to`, and tells the last target. */
function ask(decider: Decider, from: number, to: number, everyMs: number, parts: InputParts): number {
  let target = NaN;
  for (let now = from; now <= to; now += everyMs) target = decider.decide(inputOf({ ...parts, now })).target;
  return target;
}

describe("the rule of Kubernetes' HPA", () => {
  const after = (target: number, busy: number, options = {}) =>
    ask(hpa({ stabilizationMs: 1, ...options }), 0, 15_000, 250, { target, busy });

  it.each([
    // ceil(10 * 0.9 / 0.7)
    [10, 9, {}, 13],
    [10, 10, {}, 15],
    [10, 1, {}, 2],
    [10, 0, {}, 1],
    // Off by less than 10 %: stays.
    [100, 76, {}, 100],
    [100, 63, {}, 100],
    [100, 78, {}, 112],
    [100, 62, {}, 89],
    [10, 8, { utilization: 0.5 }, 16],
    // No more than twice as many, or four more, at a time.
    [10, 10, { utilization: 0.25 }, 20],
    [1, 1, { utilization: 0.1 }, 5],
  ])('%i workers of which %i are busy, %o: %i', (target, busy, options, wanted) => {
    expect(after(target, busy, options)).toBe(wanted);
  });

  it('decides every 15 seconds', () => {
    const decider = hpa();
    expect(ask(decider, 0, 14_750, 250, { target: 10, busy: 10 })).toBe(10);
    expect(ask(decider, 15_000, 15_000, 250, { target: 10, busy: 10 })).toBe(15);
    expect(ask(decider, 15_250, 29_750, 250, { target: 15, busy: 15 })).toBe(15);
    expect(ask(decider, 30_000, 30_000, 250, { target: 15, busy: 15 })).toBe(22);
  });

  it('shrinks to the highest that was wanted in five minutes', () => {
    const decider = hpa();
    expect(ask(decider, 0, 15_000, 250, { target: 10, busy: 7 })).toBe(10);
    expect(ask(decider, 15_250, 315_000, 250, { target: 10, busy: 2 })).toBe(10);
    expect(ask(decider, 315_250, 330_000, 250, { target: 10, busy: 2 })).toBe(3);
  });
});

describe("Knative's autoscaler", () => {
  /** After a minute of the first load, in which it has left panic, and some time of the second. */
  const settled = () => {
    const decider = knative();
    ask(decider, 0, 62_000, 250, { target: 10, busy: 7 });
    return decider;
  };

  it.each([
    // 7 / 0.7
    [7, 0, 10],
    // 14.5 / 0.7 = 20.7 is more than twice 10: panic.
    [10, 4.5, 21],
    [10, 30, 58],
    // Half of the workers at most leave at a time.
    [1, 0, 5],
  ])('%d busy and %d waiting, for two minutes: %i', (busy, queueDepth, wanted) => {
    expect(ask(settled(), 62_250, 182_000, 250, { target: 10, busy, queueDepth })).toBe(wanted);
  });

  it('decides every two seconds', () => {
    const decider = settled();
    expect(ask(decider, 62_250, 63_750, 250, { target: 10, busy: 10, queueDepth: 500 })).toBe(10);
    expect(ask(decider, 64_000, 64_000, 250, { target: 10, busy: 10, queueDepth: 500 })).toBeGreaterThan(20);
  });

  it('panics by the last six seconds, and does not shrink for a minute after', () => {
    const decider = settled();
    // Eight times as much for six seconds: 56 / 0.7. A minute's mean would say 17.
    expect(ask(decider, 62_250, 68_000, 250, { target: 10, busy: 10, queueDepth: 46 })).toBe(80);
    expect(ask(decider, 68_250, 126_000, 250, { target: 80, size: 80, busy: 1 })).toBe(80);
    expect(ask(decider, 126_250, 132_000, 250, { target: 80, size: 80, busy: 1 })).toBe(40);
  });

  it('begins in panic: without history it does not shrink', () => {
    expect(ask(knative(), 0, 58_000, 250, { target: 10, busy: 1 })).toBe(10);
  });
});

describe('on demand', () => {
  it.each([
    [{ live: 4, busy: 4, queueDepth: 1 }, 5],
    [{ live: 4, busy: 4, queueDepth: 3 }, 7],
    // One of three is being started already.
    [{ live: 4, busy: 4, starting: 1, queueDepth: 3 }, 7],
    [{ live: 4, busy: 4, starting: 5, queueDepth: 3 }, 9],
    [{ live: 4, busy: 2 }, 2],
    [{ live: 4, busy: 2, starting: 1 }, 3],
  ])('%o: %i workers', (parts, wanted) => {
    expect(onDemand().decide(inputOf(parts)).target).toBe(wanted);
    expect(onDemand().onQueued!(inputOf(parts))!.target).toBe(wanted);
  });

  it('lets a worker go that has been idle for ten seconds', () => {
    const decider = onDemand();
    expect(ask(decider, 0, 0, 1, { target: 4, busy: 4 })).toBe(4);
    expect(ask(decider, 50, 10_000, 50, { target: 4, busy: 2 })).toBe(4);
    expect(ask(decider, 10_050, 10_050, 50, { target: 4, busy: 2 })).toBe(2);
  });
});

describe('the anchors', () => {
  const workload = poissonWorkload(constant({ perSecond: 80, durationMs: 120_000 }), { seed: 1 });

  it.each(Object.entries(ANCHORS))('%s runs a pool without a fault, the same each time', (_, anchor) => {
    const run = () => simulate(workload, { decider: anchor.decider(), scaling: { tickMs: anchor.tickMs }, seed: 1 });
    const [result, again] = [run(), run()];
    expect(result.faults).toEqual([]);
    expect(result.resizes.length).toBeGreaterThan(0);
    expect(again.workerMs).toBe(result.workerMs);
    expect(again.resizes).toEqual(result.resizes);
  });

  it('refuses options that do not exist', () => {
    expect(() => hpa({ target: 0.5 } as object)).toThrow('hpa has no option "target"');
    expect(() => hpa({ utilization: 0 })).toThrow('hpa.utilization is 0');
    expect(() => knative({ panicMS: 1 } as object)).toThrow("Did you mean 'panicMs'?");
    expect(() => onDemand({ idleMs: 0 })).toThrow('onDemand.idleMs is 0');
  });
});
