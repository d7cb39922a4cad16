import { describe, expect, it } from 'vitest';
import { decider } from '../../../../support/build.js';
import { inputOf } from '../../../../support/decision-inputs.js';

/** A load of one worker. */
const LOAD = { arrivalRate: 20, serviceMean: 50 };

describe('the cost-aware decider (D8)', () => {
  const propose = (options: object) =>
    decider({ type: 'cost-aware', objectiveMs: false, ...options }).decide(inputOf({ signals: LOAD }));

  it.each([
    // Queues of M/M/c at load 1: 1/3, 1/22 and 1/147 for 2, 3 and 4 workers. The third saves 0.288 tasks waiting, the
    // fourth 0.039, the fifth 0.006.
    [{ workerCost: 1, waitCost: 1 }, 2],
    [{ workerCost: 1, waitCost: 3 }, 2],
    [{ workerCost: 1, waitCost: 4 }, 3],
    [{ workerCost: 1, waitCost: 25 }, 3],
    [{ workerCost: 1, waitCost: 30 }, 4],
    [{ workerCost: 10, waitCost: 300 }, 4],
  ])('with %o takes %i workers', (weights, size) => {
    expect(propose(weights)).toEqual({
      target: size,
      why: 'one more worker would cost more than the waiting that it saves',
    });
  });

  it('keeps the objective though it costs more, and says so', () => {
    // C(2) exp(-1 x 0.2) = 27 % are late with 2, C(3) exp(-2 x 0.2) = 6 % with 3, 1.1 % with 4, 0.2 % with 5.
    const proposal = propose({ workerCost: 1, waitCost: 1, objectiveMs: 10 });
    expect(proposal).toEqual({
      target: 5,
      why: 'at most 1 % may wait over 10 ms, although 2 would cost least',
    });
    expect(propose({ workerCost: 1, waitCost: 1, objectiveMs: 10, late: 0.1 }).target).toBe(3);
  });

  it("has the policy's objective unless it is switched off", () => {
    const built = decider({ type: 'cost-aware', workerCost: 1, waitCost: 1 }, { objectiveMs: 10 });
    expect(built.decide(inputOf({ signals: LOAD })).target).toBe(5);
  });

  it.each([
    [{ workerCost: 0, waitCost: 1 }, /decider\.workerCost is 0, but must be a finite number above 0/],
    [{ workerCost: 1, waitCost: -1 }, /decider\.waitCost is -1/],
    [{ workerCost: 1 }, /decider\.waitCost is undefined/],
    [{ workerCost: 1, waitCost: 1, objectiveMs: 0 }, /decider\.objectiveMs is 0/],
    [{ workerCost: 1, waitCost: 1, objectiveMs: true }, /decider\.objectiveMs is true/],
  ])('refuses %o', (options, message) => {
    expect(() => propose(options)).toThrow(message);
  });
});
