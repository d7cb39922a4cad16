import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantile } from '../../../lib/simulator/quantile.js';
import { RunningTasks } from '../../../lib/simulator/running-tasks.js';
import { SimulatedBreaker, type BreakerOptions } from '../../../lib/simulator/simulated-breaker.js';

const numbers = fc.array(fc.double({ noNaN: true, min: 0, max: 1e9 }), { minLength: 1, maxLength: 200 });

describe('quantile', () => {
  it('is the value of the nearest rank, whatever the order', () => {
    fc.assert(
      fc.property(numbers, fc.double({ min: 0, max: 1, noNaN: true }), (values, share) => {
        const rank = Math.max(1, Math.ceil(values.length * share));
        expect(quantile(Float64Array.from(values), share)).toBe(values.toSorted((a, b) => a - b)[rank - 1]);
      }),
    );
  });

  it('is 0 of nothing', () => {
    expect(quantile(new Float64Array(0), 0.99)).toBe(0);
  });
});

describe('running tasks', () => {
  it('end in the order of their ends', () => {
    fc.assert(
      fc.property(numbers, (ends) => {
        const running = new RunningTasks(ends.length);
        for (const [task, end] of ends.entries()) running.add(task, end);
        const taken: number[] = [];
        while (running.count > 0) {
          const { nextEnd } = running;
          const task = running.take();
          expect(ends[task]).toBe(nextEnd);
          taken.push(task);
        }
        expect(taken.map((task) => ends[task])).toEqual(ends.toSorted((a, b) => a - b));
        expect(new Set(taken).size).toBe(ends.length);
        expect(running.nextEnd).toBe(Infinity);
      }),
    );
  });
});

describe('a simulated circuit breaker', () => {
  function breakerAt(options: Partial<BreakerOptions> = {}) {
    const time = { at: 0 };
    const all = { badShare: 0.5, slowMs: Infinity, windowMs: 1_000, leastTasks: 4, openMs: 500, ...options };
    const breaker = new SimulatedBreaker(all, () => time.at);
    /** Tells its state after each task; one ends every 10 ms. */
    const after = (...bad: readonly boolean[]) =>
      bad.map((hasFailed) => {
        time.at += 10;
        breaker.ended(10, hasFailed);
        return breaker.state;
      });
    return { breaker, time, after };
  }

  it('opens when enough tasks have ended and half of them were bad', () => {
    const { after } = breakerAt();
    expect(after(true, true, true)).toEqual(['closed', 'closed', 'closed']);
    expect(after(false)).toEqual(['open']);
    expect(breakerAt().after(true, false, false, false, true, true)).toEqual([
      ...Array.from({ length: 5 }, () => 'closed'),
      'open',
    ]);
  });

  it('takes slow tasks for bad', () => {
    expect(breakerAt({ slowMs: 10 }).after(false, false, false, false).at(-1)).toBe('closed');
    expect(breakerAt({ slowMs: 9 }).after(false, false, false, false).at(-1)).toBe('open');
  });

  it('is half-open after a while, and closes or opens by the next task that ends', () => {
    const { breaker, time, after } = breakerAt();
    after(true, true, true, true);
    time.at += 499;
    expect(breaker.state).toBe('open');
    time.at += 1;
    expect(breaker.state).toBe('half-open');
    expect(after(true)).toEqual(['open']);
    time.at += 500;
    expect(after(false, true, true, true)).toEqual(['closed', 'closed', 'closed', 'closed']);
    expect(after(true)).toEqual(['open']);
  });

  it('forgets what ended before its window', () => {
    const { time, after } = breakerAt();
    after(true, true, true);
    time.at += 2_000;
    expect(after(false, false, true)).toEqual(['closed', 'closed', 'closed']);
  });
});
