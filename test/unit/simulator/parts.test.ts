import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantile } from '../../../lib/simulator/quantile.js';
import { RunningTasks } from '../../../lib/simulator/running-tasks.js';
import type { ResolvedBreaker } from '../../../lib/simulator/breaker-options.js';
import { SimulatedBreaker } from '../../../lib/simulator/simulated-breaker.js';

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
  function breakerAt(options: Partial<ResolvedBreaker> = {}) {
    const time = { at: 0 };
    const defaults = { badShare: 0.5, slowMs: Infinity, windowMs: 1_000, leastTasks: 4, openMs: 500, whenOpen: null };
    const breaker = new SimulatedBreaker({ ...defaults, ...options }, () => time.at);
    let tasks = 0;
    /** Tells its state after each task; one ends every 10 ms. */
    const after = (...bad: readonly boolean[]) =>
      bad.map((hasFailed) => {
        time.at += 10;
        breaker.ended(tasks++, 10, hasFailed);
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

  it('tells its states, and since when', () => {
    const { breaker, time, after } = breakerAt();
    after(true, true, true, true);
    time.at = 600;
    after(true);
    time.at = 1_200;
    after(false);
    const states = [
      { at: 0, state: 'closed' },
      { at: 40, state: 'open' },
      { at: 540, state: 'half-open' },
      { at: 610, state: 'open' },
      { at: 1_110, state: 'half-open' },
    ];
    expect(breaker.changes(1_200)).toEqual([...states, { at: 1_210, state: 'closed' }]);
    const open = breakerAt();
    open.after(true, true, true, true);
    expect(open.breaker.changes(539)).toEqual(states.slice(0, 2));
    expect(open.breaker.changes(540)).toEqual(states.slice(0, 3));
  });

  it('only watches: every task takes as long as it would, and fails as it would', () => {
    const { breaker, after } = breakerAt({ slowMs: 20 });
    after(true, true, true, true);
    expect(breaker.state).toBe('open');
    expect(breaker.started(9, 90)).toBe(90);
    expect(breaker.ended(9, 90, false)).toBe(false);
  });

  describe('in the way of the tasks', () => {
    const inTheWay = (fails: boolean) => {
      const fake = breakerAt({ slowMs: 20, whenOpen: { takesMs: 3, fails } });
      fake.after(true, true, true, true);
      return fake;
    };

    it('cuts tasks short that take too long, and they fail', () => {
      const { breaker, time } = breakerAt({ slowMs: 20, whenOpen: { takesMs: 3, fails: true } });
      const run = (task: number, serviceMs: number) => {
        const took = breaker.started(task, serviceMs);
        time.at += took;
        return [took, breaker.ended(task, took, false)];
      };
      expect([run(1, 20), run(2, 21), run(3, 500)]).toEqual([
        [20, false],
        [20, true],
        [20, true],
      ]);
      expect(breaker.state).toBe('closed');
      run(4, 500);
      expect(breaker.state).toBe('open');
    });

    it.each([true, false])('lets none through while it is open; that they fail is %s', (fails) => {
      const { breaker } = inTheWay(fails);
      expect(breaker.started(9, 500)).toBe(3);
      // What would have failed by itself never came to that.
      expect(breaker.ended(9, 3, true)).toBe(fails);
    });

    it('lets one through while it is half-open, and goes by that one', () => {
      const { breaker, time } = inTheWay(false);
      time.at += 500;
      expect([breaker.started(7, 10), breaker.started(8, 10)]).toEqual([10, 3]);
      expect([breaker.ended(8, 3, false), breaker.state]).toEqual([false, 'half-open']);
      // Neither does one count that began before it opened.
      expect([breaker.ended(6, 10, true), breaker.state]).toEqual([true, 'half-open']);
      expect([breaker.ended(7, 10, false), breaker.state]).toEqual([false, 'closed']);
    });

    it('opens again where that one takes too long, and tries another one later', () => {
      const { breaker, time } = inTheWay(false);
      time.at += 500;
      expect(breaker.started(7, 90)).toBe(20);
      expect([breaker.ended(7, 20, false), breaker.state]).toEqual([true, 'open']);
      time.at += 500;
      expect([breaker.started(8, 10), breaker.ended(8, 10, false), breaker.state]).toEqual([10, false, 'closed']);
    });
  });

  it('forgets what ended before its window', () => {
    const { time, after } = breakerAt();
    after(true, true, true);
    time.at += 2_000;
    expect(after(false, false, true)).toEqual(['closed', 'closed', 'closed']);
  });
});
