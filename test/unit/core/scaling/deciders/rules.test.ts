import { describe, expect, it } from 'vitest';
import { decider } from '../../../../support/build.js';
import { inputOf } from '../../../../support/decision-inputs.js';

/** S1 T12, as it would stand in YAML. */
const COURSE = {
  type: 'rules',
  rules: [
    { name: 'errors', when: { errorRate: { above: 0.1 } }, do: 'hold' },
    { name: 'busy', when: { utilization: { above: 0.85 } }, do: { grow: 2 } },
    { name: 'slow', when: { waitP99: { above: 1_000 } }, do: { grow: 2 } },
    { name: 'idle', when: { utilization: { below: 0.3 }, waitP99: { below: 100 } }, do: { shrink: 1 } },
  ],
};

const CALM = { errorRate: 0, utilization: 0.5, waitP99: 300 };

describe('the rules decider (D6, S1 T12)', () => {
  it.each([
    [{ errorRate: 0.12, utilization: 0.9 }, 4, 'errors: errorRate is 0.12, above 0.1'],
    [{ errorRate: 0.1, utilization: 0.9 }, 6, 'busy: utilization is 0.9, above 0.85'],
    [{ waitP99: 1_200 }, 6, 'slow: waitP99 is 1200, above 1000'],
    [{ utilization: 0.2, waitP99: 50 }, 3, 'idle: utilization is 0.2, below 0.3 and waitP99 is 50, below 100'],
    [{ utilization: 0.2, waitP99: 100 }, 4, 'no rule applies'],
    [{}, 4, 'no rule applies'],
  ])('%o: from 4 to %i, %s', (signals, target, why) => {
    expect(decider(COURSE).decide(inputOf({ signals: { ...CALM, ...signals } }))).toEqual({ target, why });
  });

  it('takes the first that applies, though others would do more', () => {
    const all = { errorRate: 0.5, utilization: 0.99, waitP99: 5_000 };
    expect(decider(COURSE).decide(inputOf({ signals: all })).target).toBe(4);
  });

  it('needs every signal that a rule speaks of, once', () => {
    expect(decider(COURSE).needs).toEqual(['errorRate', 'utilization', 'waitP99']);
  });

  it('goes by priorities where they are given, the higher first', () => {
    const built = decider({
      type: 'rules',
      rules: [
        { priority: 1, when: { load: { above: 1 } }, do: { grow: 1 } },
        { priority: 10, when: { load: { above: 5 } }, do: { size: 16 } },
      ],
    });
    expect(built.decide(inputOf({ signals: { load: 6 } }))).toEqual({ target: 16, why: 'rule 2: load is 6, above 5' });
    expect(built.decide(inputOf({ signals: { load: 2 } }))).toEqual({ target: 5, why: 'rule 1: load is 2, above 1' });
  });

  it('knows every kind of bound, alternatives, the states of a breaker, and a rule for the rest', () => {
    const built = decider({
      type: 'rules',
      rules: [
        { name: 'sick', when: [{ breaker: { is: 'open' } }, { breaker: { is: 'half-open' } }], do: 'hold' },
        { name: 'window', when: { load: { atLeast: 2, atMost: 3 } }, do: { size: 7 } },
        { name: 'exact', when: { load: { is: 9 } }, do: { shrink: 2 } },
        { name: 'rest', do: { grow: 1 } },
      ],
    });
    const decide = (breaker: number, load: number) => {
      const { target, why } = built.decide(inputOf({ signals: { breaker, load } }));
      return `${target} ${why}`;
    };
    expect(decide(1, 2)).toBe('4 sick: breaker is 1, which is open');
    expect(decide(0.5, 2)).toBe('4 sick: breaker is 0.5, which is half-open');
    expect(decide(0, 2)).toBe('7 window: load is 2, at least 2 and load is 2, at most 3');
    expect(decide(0, 3)).toContain('7 window');
    expect(decide(0, 9)).toBe('2 exact: load is 9, exactly 9');
    expect(decide(0, 3.1)).toBe('5 rest: no other rule applies');
  });
});

describe('the rules decider refuses', () => {
  const grow = { when: { load: { above: 5 } }, do: { grow: 1 } };
  const shrink = { when: { load: { below: 1 } }, do: { shrink: 1 } };

  it.each([
    ['no rules', [], /decider\.rules is an array, but must be a list with at least one entry/],
    ['no action', [{ when: { load: { above: 1 } } }], /rules\[0\]\.do is undefined, but must be 'hold', \{ grow: n \}/],
    ['an unknown action', [{ ...grow, do: 'grow' }], /rules\[0\]\.do is "grow"/],
    ['two actions', [{ ...grow, do: { grow: 1, shrink: 1 } }], /rules\[0\]\.do is an object, but must be one of/],
    ['an empty action', [{ ...grow, do: {} }], /must be one of \{ grow: n \}/],
    ['a step of 0', [{ ...grow, do: { grow: 0 } }], /rules\[0\]\.do\.grow is 0/],
    ['an action misspelt', [{ ...grow, do: { gorw: 1 } }], /no option "gorw"\. Did you mean 'grow'\?/],
    ['a bound misspelt', [{ when: { load: { abov: 1 } }, do: 'hold' }], /when\.load has no option "abov"\. Did you/],
    [
      'a signal without a bound',
      [{ when: { load: {} }, do: 'hold' }],
      /when\.load is an object, but must be an object with/,
    ],
    ['a bound that is no number', [{ when: { load: { above: '5' } }, do: 'hold' }], /when\.load\.above is "5"/],
    [
      'a state that no breaker has',
      [{ when: { b: { is: 'opne' } }, do: 'hold' }],
      /must be a number, or a breaker's .*'open'/,
    ],
    ['an empty condition', [{ when: {}, do: 'hold' }], /when is an object, but must be bounds for at least one signal/],
    ['a name that is none', [{ ...grow, name: '' }], /rules\[0\]\.name is ""/],
    ['an option misspelt', [{ ...grow, prioriti: 1 }], /Did you mean 'priority'\?/],
    [
      'priorities on some rules',
      [{ ...grow, priority: 1 }, shrink],
      /rules\[1\] has no priority, but decider\.rules\[0\] has one/,
    ],
    [
      'priorities on later rules',
      [grow, { ...shrink, priority: 1 }],
      /rules\[0\] has no priority, but decider\.rules\[1\] has one/,
    ],
    [
      'a rule that is never reached',
      [{ do: 'hold' }, grow],
      /rules\[1\] is never reached: decider\.rules\[0\] always applies/,
    ],
    [
      'a lower rule that is never reached',
      [
        { ...grow, priority: 1 },
        { do: 'hold', priority: 2 },
      ],
      /rules\[0\] is never reached/,
    ],
  ])('%s', (_what, rules, message) => {
    expect(() => decider({ type: 'rules', rules })).toThrow(message);
  });

  it.each([
    ['both may apply', { above: 5 }, { above: 8 }, true],
    ['they meet in one value', { atLeast: 5 }, { atMost: 5 }, true],
    ['they only touch', { above: 5 }, { atMost: 5 }, false],
    ['one excludes the other', { above: 5 }, { below: 1 }, false],
  ])('equal priorities where order matters: %s', (_why, a, b, isRefused) => {
    const rules = [
      { priority: 3, when: { load: a }, do: { size: 8 } },
      { priority: 3, when: { load: b }, do: { size: 2 } },
    ];
    const build = () => decider({ type: 'rules', rules });
    if (isRefused) expect(build).toThrow(/rules\[0\] and decider\.rules\[1\] both have priority 3, may both apply/);
    else expect(build).not.toThrow();
  });

  it('equal priorities for different signals, but not where both do the same', () => {
    const rules = (action: unknown) => [
      { priority: 1, when: { load: { above: 5 } }, do: { grow: 1 } },
      { priority: 1, when: { wait: { above: 5 } }, do: action },
    ];
    expect(() => decider({ type: 'rules', rules: rules({ grow: 2 }) })).toThrow(/both have priority 1/);
    expect(() => decider({ type: 'rules', rules: rules({ grow: 1 }) })).not.toThrow();
  });

  it.each([
    [{ above: 0.5 }, { below: 0.5 }, true],
    [{ above: 0.4 }, { below: 0.6 }, true],
    [{ above: 0.6 }, { below: 0.4 }, false],
  ])('growing %o and shrinking %o by one signal with no band between (S0 B4)', (up, down, isRefused) => {
    const rules = [
      { when: { load: up }, do: { grow: 1 } },
      { when: { load: down }, do: { shrink: 1 } },
    ];
    const build = () => decider({ type: 'rules', rules });
    if (isRefused) expect(build).toThrow(/grow and shrink by the same signal with no band between/);
    else expect(build).not.toThrow();
  });
});
