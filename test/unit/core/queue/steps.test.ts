import { describe, expect, it } from 'vitest';
import { MORE_AND_MORE_TENANTS, OPERATIONS, QUEUE_KINDS } from '../../../../bench/queue/deep-queue.js';
import { countSteps } from '../../../../bench/queue/steps.js';

/** Looks at items and changes of them; the highest is a pick for the oldest of 16 levels of priority. */
const MOST_STEPS = 40;

describe.each([...QUEUE_KINDS, MORE_AND_MORE_TENANTS])('the steps of a queue ($name)', (kind) => {
  const shallow = countSteps(kind, 1_000);
  const deep = countSteps(kind, 100_000);

  it.each(OPERATIONS)('do not grow with its depth: %s', (operation) => {
    expect(deep[operation].most).toBeLessThanOrEqual(shallow[operation].most);
    expect(deep[operation].most).toBeLessThanOrEqual(MOST_STEPS);
    expect(deep[operation].mean).toBeGreaterThan(0);
  });
});
