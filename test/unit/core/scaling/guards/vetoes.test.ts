import { describe, expect, it } from 'vitest';
import { guard } from '../../../../support/build.js';
import { inputOf } from '../../../../support/decision-inputs.js';

const GROW = { target: 8, why: 'it is busy' };
const SHRINK = { target: 2, why: 'it is idle' };
const STAY = { target: 4, why: 'it is fine' };

describe('the guard error-rate (D6, S1 T12)', () => {
  const verdict = (errorRate: number | undefined, proposal = GROW, options: object = {}) =>
    guard({ type: 'error-rate', ...options }).apply(
      proposal,
      inputOf({ signals: errorRate === undefined ? {} : { errorRate } }),
    );

  it.each([
    [0.12, { target: 4, heldBy: 'error rate 12 % > 10 %' }],
    [0.1001, { target: 4, heldBy: 'error rate 10 % > 10 %' }],
    [0.1, { target: 8 }],
    [0, { target: 8 }],
    [undefined, { target: 4, heldBy: 'error rate unknown' }],
  ])('of %d makes of a grow from 4 to 8: %o', (errorRate, expected) => {
    expect(verdict(errorRate)).toEqual(expected);
  });

  it('has nothing against shrinking or staying', () => {
    for (const errorRate of [0.9, undefined]) {
      expect(verdict(errorRate, SHRINK)).toEqual({ target: 2 });
      expect(verdict(errorRate, STAY)).toEqual({ target: 4 });
    }
  });

  it('can be told another threshold, another signal, and to let growth pass blindly', () => {
    expect(verdict(0.3, GROW, { above: 0.25 })).toEqual({ target: 4, heldBy: 'error rate 30 % > 25 %' });
    expect(verdict(undefined, GROW, { whenMissing: 'allow' })).toEqual({ target: 8 });
    const named = guard({ type: 'error-rate', signal: 'timeouts' });
    expect(named.apply(GROW, inputOf({ signals: { timeouts: 0.5, errorRate: 0 } }))).toMatchObject({ target: 4 });
  });

  it.each([
    [{ above: 0 }, /guard\.above is 0, but must be a finite number above 0 and below 1/],
    [{ above: 10 }, /guard\.above is 10/],
    [{ whenMissing: 'ignore' }, /guard\.whenMissing is "ignore", but must be 'hold' or 'allow'/],
  ])('refuses %o', (options, message) => {
    expect(() => verdict(0, GROW, options)).toThrow(message);
  });
});

describe('the guard breaker (D6, S4 Q18)', () => {
  const [CLOSED, HALF_OPEN, OPEN] = [0, 0.5, 1];

  /** States of the breaker, tick by tick, while the decider asks for two more; tells the sizes that come of it. */
  function run(states: readonly (number | undefined)[], options: object = {}): string[] {
    const built = guard({ type: 'breaker', ...options });
    let target = 4;
    return states.map((breaker) => {
      const input = inputOf({ target, signals: breaker === undefined ? {} : { breaker } });
      const { heldBy, ...verdict } = built.apply({ target: target + 2, why: 'it is busy' }, input);
      target = verdict.target;
      return heldBy === undefined ? String(target) : `${target} ${heldBy}`;
    });
  }

  it('does not let a pool grow while it is open', () => {
    expect(run([CLOSED, OPEN, OPEN, OPEN])).toEqual(['6', '6 breaker open', '6 breaker open', '6 breaker open']);
  });

  it('half-open grows by one, however long that lasts', () => {
    expect(run([OPEN, HALF_OPEN, HALF_OPEN, HALF_OPEN, CLOSED])).toEqual([
      '4 breaker open',
      '5 breaker half-open',
      '5 breaker half-open',
      '5 breaker half-open',
      '7',
    ]);
  });

  it('has another one with each half-open phase', () => {
    expect(run([HALF_OPEN, OPEN, HALF_OPEN, HALF_OPEN])).toEqual([
      '5 breaker half-open',
      '5 breaker open',
      '6 breaker half-open',
      '6 breaker half-open',
    ]);
  });

  it('holds growth while nobody knows the state, and does not take that for a new phase', () => {
    expect(run([undefined, HALF_OPEN, undefined, HALF_OPEN])).toEqual([
      '4 breaker unknown',
      '5 breaker half-open',
      '5 breaker unknown',
      '5 breaker half-open',
    ]);
    expect(run([undefined], { whenMissing: 'allow' })).toEqual(['6']);
  });

  it('has nothing against shrinking', () => {
    const built = guard({ type: 'breaker' });
    for (const breaker of [CLOSED, HALF_OPEN, OPEN]) {
      expect(built.apply(SHRINK, inputOf({ signals: { breaker } }))).toEqual({ target: 2 });
    }
  });

  it('half-open lets a growth of one pass untouched', () => {
    const input = inputOf({ signals: { breaker: HALF_OPEN } });
    expect(guard({ type: 'breaker' }).apply({ target: 5, why: '' }, input)).toEqual({ target: 5 });
  });
});

describe('the guard cpu-saturation (S5)', () => {
  const verdict = (signals: Record<string, number>, options: object = {}, proposal = GROW) =>
    guard({ type: 'cpu-saturation', ...options }).apply(proposal, inputOf({ signals }));

  it.each([
    [{ runQueue: 6.8 }, { target: 4, heldBy: 'run-queue wait 6.8 s/s > 1 s/s' }],
    [{ throttling: 0.4 }, { target: 4, heldBy: 'throttling 40 % > 10 %' }],
    [
      { runQueue: 0.02, throttling: 0.4 },
      { target: 4, heldBy: 'throttling 40 % > 10 %' },
    ],
    [{ runQueue: 1, throttling: 0.1 }, { target: 8 }],
    // Neither exists on this system.
    [{}, { target: 8 }],
  ])('with %o makes of a grow from 4 to 8: %o', (signals, expected) => {
    expect(verdict(signals)).toEqual(expected);
  });

  it('has thresholds and signals of its own where it is told so', () => {
    expect(verdict({ runQueue: 0.6 }, { runQueueAbove: 0.5 }).target).toBe(4);
    expect(verdict({ throttling: 0.4 }, { throttlingAbove: 0.5 }).target).toBe(8);
    expect(verdict({ waits: 2 }, { runQueue: 'waits' }).target).toBe(4);
  });

  it('has nothing against shrinking', () => {
    expect(verdict({ runQueue: 9 }, {}, SHRINK)).toEqual({ target: 2 });
  });

  it('asks for at least one of its signals, and for those that are named', () => {
    const build = (spec: object, signals: string[]) => guard({ type: 'cpu-saturation', ...spec }, { signals });
    expect(() => build({}, ['throttling'])).not.toThrow();
    expect(() => build({}, ['runqueue'])).toThrow(
      /guard\.runQueue is "runQueue", but no signal.* Did you mean 'runqueue'/,
    );
    expect(() => build({ runQueue: 'waits' }, ['throttling'])).toThrow(/guard\.runQueue is "waits"/);
  });

  it.each([
    [{ runQueueAbove: 0 }, /guard\.runQueueAbove is 0/],
    [{ throttlingAbove: 1 }, /guard\.throttlingAbove is 1/],
  ])('refuses %o', (options, message) => {
    expect(() => verdict({}, options)).toThrow(message);
  });
});

describe('the guard memory-headroom (S5)', () => {
  const verdict = (memory: number | undefined, options: object = {}, part: object = {}) =>
    guard({ type: 'memory-headroom', ...options }).apply(
      GROW,
      inputOf({ signals: memory === undefined ? {} : { memory }, ...part }),
    );

  it.each([
    [9, { target: 8 }],
    [4, { target: 8 }],
    [3.9, { target: 7, heldBy: 'memory headroom' }],
    [0.5, { target: 4, heldBy: 'memory headroom' }],
    [-2, { target: 4, heldBy: 'memory headroom' }],
    [undefined, { target: 8 }],
  ])('with room for %d workers makes of a grow from 4 to 8: %o', (memory, expected) => {
    expect(verdict(memory)).toEqual(expected);
  });

  it('keeps a reserve, and counts workers that have yet to leave as room', () => {
    expect(verdict(5, { reserve: 2 })).toEqual({ target: 7, heldBy: 'memory headroom' });
    expect(verdict(1, {}, { target: 4, size: 6 })).toEqual({ target: 7, heldBy: 'memory headroom' });
  });

  it('has nothing against shrinking', () => {
    const input = inputOf({ signals: { memory: -3 } });
    expect(guard({ type: 'memory-headroom' }).apply(SHRINK, input)).toEqual({ target: 2 });
  });
});

describe('the guard step-limit', () => {
  const apply = (options: object, target: number) =>
    guard({ type: 'step-limit', ...options }).apply({ target, why: '' }, inputOf());

  it.each([
    [{ up: 2 }, 9, { target: 6, heldBy: 'step limit 2' }],
    [{ up: 2 }, 6, { target: 6 }],
    [{ up: 2 }, 1, { target: 1 }],
    [{ down: 1 }, 1, { target: 3, heldBy: 'step limit 1' }],
    [{ down: 1 }, 20, { target: 20 }],
    [{ up: 2, down: 1 }, 4, { target: 4 }],
  ])('%o lets a pool of 4 go to %i as %o', (options, target, expected) => {
    expect(apply(options, target)).toEqual(expected);
  });

  it.each([
    [{}, /guard\.up is undefined, but must be a number of workers where down is left out too/],
    [{ up: 0 }, /guard\.up is 0/],
    [{ down: 0.5 }, /guard\.down is 0\.5/],
  ])('refuses %o', (options, message) => {
    expect(() => apply(options, 4)).toThrow(message);
  });
});
