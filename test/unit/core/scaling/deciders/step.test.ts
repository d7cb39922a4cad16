import { describe, expect, it } from 'vitest';
import { decider } from '../../../../support/build.js';
import { inputOf } from '../../../../support/decision-inputs.js';

const TABLE = {
  type: 'step',
  signal: 'utilization',
  steps: [
    { above: 0.7, grow: 1 },
    { below: 0.1, shrink: 3 },
    { above: 0.95, grow: 8 },
    { above: 0.85, grow: 3 },
    { below: 0.3, shrink: 1 },
  ],
};

describe('the step decider (D1)', () => {
  it.each([
    [0.99, 12, 'utilization is 0.99, above 0.95'],
    [0.95, 7, 'utilization is 0.95, above 0.85'],
    [0.85, 5, 'utilization is 0.85, above 0.7'],
    [0.7, 4, 'utilization is 0.7, which calls for no step'],
    [0.3, 4, 'utilization is 0.3, which calls for no step'],
    [0.29, 3, 'utilization is 0.29, below 0.3'],
    [0.1, 3, 'utilization is 0.1, below 0.3'],
    [0.09, 1, 'utilization is 0.09, below 0.1'],
  ])('at %d goes from 4 to %i: %s', (utilization, target, why) => {
    expect(decider(TABLE).decide(inputOf({ signals: { utilization } }))).toEqual({ target, why });
  });

  it.each([
    [[], /decider\.steps is an array, but must be a list with at least one entry/],
    [undefined, /decider\.steps is undefined/],
    [
      [
        { above: 0.5, grow: 1 },
        { above: 0.5, grow: 2 },
      ],
      /steps\[1\]\.above is 0\.5, but must be a value that no other/,
    ],
    [
      [
        { above: 0.5, grow: 1 },
        { below: 0.5, shrink: 1 },
      ],
      /decider\.steps is 0\.5, but must be below 0\.5 in every row/,
    ],
    [
      [
        { above: 0.3, grow: 1 },
        { below: 0.5, shrink: 1 },
      ],
      /must be below 0\.3 in every row/,
    ],
    [[{ above: 0.5, shrink: 1 }], /steps\[0\] has no option "shrink"/],
    [[{ above: 0.5, grow: -1 }], /steps\[0\]\.grow is -1/],
    [[{ grow: 1 }], /steps\[0\] has no option "grow"/],
    [['up'], /steps\[0\] is "up", but must be an object/],
  ])('refuses the table %o', (steps, message) => {
    expect(() => decider({ ...TABLE, steps })).toThrow(message);
  });
});
