import fc from 'fast-check';
import { describe, it } from 'vitest';
import { Rehearsal } from './rehearsal.js';
import { scenarios } from './scenario.js';

/** `npm run test:properties` sets more and longer ones. */
const RUNS = Number(process.env['POOL_PROPERTY_RUNS'] ?? 300);
const STEPS = Number(process.env['POOL_PROPERTY_STEPS'] ?? 60);

describe('whatever happens to a pool (P1, P2, P7-P10, P12)', () => {
  it(`its counts are exact, its size is within bounds, and every task settles exactly once`, async () => {
    await fc.assert(
      fc.asyncProperty(scenarios(STEPS), async (scenario) => {
        const rehearsal = new Rehearsal(scenario);
        await rehearsal.play(scenario.steps);
        await rehearsal.close();
      }),
      { numRuns: RUNS },
    );
  }, 3_600_000);

  it(`once nothing is in its way, all that was asked for comes true`, async () => {
    await fc.assert(
      fc.asyncProperty(scenarios(STEPS), async (scenario) => {
        const rehearsal = new Rehearsal(scenario);
        await rehearsal.play(scenario.steps);
        await rehearsal.recover();
        await rehearsal.close();
      }),
      { numRuns: Math.ceil(RUNS / 3) },
    );
  }, 3_600_000);
});
