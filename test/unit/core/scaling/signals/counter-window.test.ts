import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CounterWindow } from '../../../../../lib/core/scaling/signals/counter-window.js';

const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 700 }), fc.nat(50)), { minLength: 1, maxLength: 200 });

describe('a window over counters', () => {
  it('covers nothing before two readings', () => {
    const window = new CounterWindow(1_000, 1);
    expect([window.spanMs, window.added(0)]).toEqual([0, 0]);
    window.add(0, [10]);
    expect([window.spanMs, window.added(0)]).toEqual([0, 0]);
  });

  it('tells the difference to an earlier reading, exactly, whatever the times', () => {
    fc.assert(
      fc.property(steps, (moves) => {
        const window = new CounterWindow(1_000, 2);
        const history: { at: number; count: number }[] = [];
        let [at, count] = [0, 0];
        for (const [ms, tasks] of moves) {
          [at, count] = [at + ms, count + tasks];
          history.push({ at, count });
          window.add(at, [count, 3 * count]);
          const base = history.find((reading) => reading.at === at - window.spanMs)!;
          expect(window.added(0)).toBe(count - base.count);
          expect(window.added(1)).toBe(3 * (count - base.count));
        }
      }),
    );
  });

  it('is at least as long as asked for once there was time, and longer by a tenth and one reading at most', () => {
    fc.assert(
      fc.property(steps, (moves) => {
        const window = new CounterWindow(1_000, 1);
        let [at, before, longest] = [0, 0, 0];
        const start = moves[0]![0];
        for (const [ms] of moves) {
          [before, at] = [at, at + ms];
          longest = Math.max(longest, at - before);
          window.add(at, [0]);
          if (at - start < 1_000) expect(window.spanMs).toBe(at - start);
          else expect(window.spanMs).toBeGreaterThanOrEqual(1_000);
          expect(window.spanMs).toBeLessThanOrEqual(1_100 + 2 * longest);
        }
      }),
    );
  });
});
