import { expect, it } from 'vitest';
import { Storm } from './storm.js';

const RUNS = Number(process.env['POOL_STORM_RUNS'] ?? 4);
const FIRST_SEED = Number(process.env['POOL_STORM_SEED'] ?? 1);
const STEPS = 250;
const LONGEST_RUN_MS = 10_000;
const OPTIONS = { timeout: 20_000 + RUNS * LONGEST_RUN_MS };

it(
  'in a storm of calls, aborts, pauses, resizes and dying threads nothing runs twice, and all is accounted for (P12)',
  OPTIONS,
  async () => {
    for (let seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed++) {
      const storm = new Storm(seed);
      await storm.rage(STEPS);
      await storm.calm();
      expect(storm.wrong, `seed ${seed}`).toEqual([]);
    }
  },
);
