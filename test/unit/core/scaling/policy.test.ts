import { describe, expect, it } from 'vitest';
import { buildPolicy, resolvePolicy } from '../../../../lib/core/scaling/policy.js';
import { PRESET_NAMES } from '../../../../lib/core/scaling/presets.js';
import type { Policy } from '../../../../lib/core/scaling/scaling-options.js';
import { inputOf } from '../../../support/decision-inputs.js';

const build = (policy: unknown, context: object = {}) =>
  buildPolicy(policy as Policy | undefined, { pool: 'images', ...context });
const refused = (policy: unknown, context: object = {}) => {
  try {
    build(policy, context);
  } catch (error) {
    return (error as Error).message;
  }
  return expect.unreachable('nothing was refused');
};
const resolve = (policy: unknown) => resolvePolicy(policy as Policy, { option: 'policy' }, 'adaptive');
/** A decider of the user's own. */
const fixed = { decide: () => ({ target: 3, why: 'fixed' }) };

describe('a policy is built from a preset and parts of its own (D10)', () => {
  it.each(PRESET_NAMES)('the preset %s can be built', (preset) => {
    const { decider, tickMs, signals, forecast } = build(preset);
    expect(tickMs).toBe(preset === 'course' ? 500 : 250);
    expect([...signals.keys()]).toEqual(expect.arrayContaining(['queueDepth', 'waitP99', 'arrivalRate']));
    expect(decider.decide).toBeTypeOf('function');
    expect(forecast).toBeNull();
  });

  it('adaptive does not creep up from one slot: it learns what the downstream bears from 20 on', () => {
    const { decider } = build('adaptive');
    const at = (now: number, submitted: number, queueDepth: number) =>
      decider.decide(
        inputOf({
          now,
          target: 1,
          max: 64,
          busy: 1,
          queueDepth,
          counters: { submitted, completed: now / 50, failed: 0 },
          load: {
            started: now / 50,
            late: 0,
            served: now / 50,
            serviceMs: now,
            serviceMsSquared: 50 * now,
          },
        }),
      ).target;
    // 200 tasks of 50 ms a second need ten slots and some.
    for (let now = 0; now < 2_000; now += 250) at(now, now / 5, now / 6);
    expect(at(2_000, 400, 300)).toBeGreaterThan(10);
  });

  it("what is left out is the preset's; without a decider of its own a policy goes by the preset of its pool", () => {
    expect(resolve(undefined)).toEqual({ preset: 'adaptive' });
    expect(resolve('course')).toEqual({ preset: 'course' });
    expect(resolve({ guards: [] })).toEqual({ guards: [], preset: 'adaptive' });
    expect(resolve({ decider: fixed })).toEqual({ decider: fixed });
    expect(resolve({ preset: 'course', decider: fixed })).toEqual({ preset: 'course', decider: fixed });
  });

  it("guards are asked after the preset's, a budget last of all", () => {
    const own = { apply: () => ({ target: 2 }) };
    const budget = { held: 1, request: () => 0, release: () => {} };
    const { guards } = build({ preset: 'course', guards: [own] }, { budget });
    expect(guards).toHaveLength(3);
    expect(guards[1]).toBe(own);
    expect(guards[2]!.apply({ target: 5, why: '' }, inputOf({ target: 1, size: 1 }))).toMatchObject({
      heldBy: 'budget',
    });
    expect(build({ guards: [{ type: 'budget' }] }, { budget }).guards).toHaveLength(1);
  });

  it('signals of its own stand beside the default ones, and parts go by their names', () => {
    const { signals, decider } = build({
      signals: { smooth: { type: 'ewma', of: 'waitMean', halfLifeMs: 1_000 } },
      decider: { type: 'threshold', signal: 'smooth', up: 50, down: 5 },
    });
    expect(signals.has('smooth')).toBe(true);
    expect(signals.has('waitMean')).toBe(true);
    expect(decider.needs).toEqual(['smooth']);
  });

  it('the tick is that of the options, else that of the preset', () => {
    expect(build({ decider: fixed }).tickMs).toBe(250);
    expect(build('course', { tickMs: 1_000 }).tickMs).toBe(1_000);
  });

  it('what cannot be built closes what was built for it', () => {
    let closed = 0;
    const signal = { read: () => null, close: () => closed++ };
    expect(() => build({ signals: { mine: signal }, decider: { type: 'treshold' } })).toThrow('threshold');
    expect(closed).toBe(1);
  });
});

describe('a policy that cannot be meant is refused, with the way out', () => {
  it.each<[string, unknown, object, string]>([
    [
      'an unknown preset',
      'balancd',
      {},
      "pool 'images': scaling.policy is \"balancd\", which is no preset. Did you mean 'balanced'?",
    ],
    [
      'an unknown preset in parts',
      { preset: 'fast' },
      {},
      'scaling.policy.preset is "fast", which is no preset. Presets: balanced, thrifty',
    ],
    ['a policy that is no object', 7, {}, 'scaling.policy is 7, but must be an object'],
    ['an unknown part', { gards: [] }, {}, 'has no option "gards". Did you mean \'guards\'?'],
    ['guards that are no list', { guards: {} }, {}, 'scaling.policy.guards is an object, but must be a list of guards'],
    ['an unknown decider', { decider: { type: 'treshold' } }, {}, "Did you mean 'threshold'?"],
    [
      'an unknown signal',
      { decider: { type: 'threshold', signal: 'waitp99', up: 2, down: 1 } },
      {},
      "Did you mean 'waitP99'?",
    ],
    [
      'equal thresholds (D1)',
      { decider: { type: 'threshold', signal: 'queueDepth', up: 0.5, down: 0.5 } },
      {},
      'scaling.policy.decider.down is 0.5, but must be below up, which is 0.5',
    ],
    [
      'a cooldown below the tick',
      { guards: [{ type: 'cooldown', upMs: 100 }] },
      {},
      'scaling.policy.guards[0].upMs is 100, but must be at least the tick, 250 ms',
    ],
    [
      'a cooldown of the preset below the tick of the options',
      'course',
      { tickMs: 5_000 },
      'guards[0].upMs is 2000, but must be at least the tick, 5000 ms',
    ],
    ['a budget where the pool has none', { guards: [{ type: 'budget' }] }, {}, 'the pool was given no budget to share'],
    ['a guard that is nothing', { guards: [null] }, {}, 'guards[0] is null, but must be an object'],
    [
      'negative gains',
      { decider: { type: 'pid', signal: 'waitP99', setpoint: 50, kp: -1 } },
      {},
      'scaling.policy.decider.kp is -1',
    ],
    [
      'an impossible cron',
      { forecast: { type: 'schedule', entries: [{ cron: '99 * * * *', workers: 2 }] } },
      {
        cron: () => {
          throw new Error('99 is no minute');
        },
      },
      '99 is no minute',
    ],
  ])('%s', (_, policy, context, message) => {
    expect(refused(policy, context)).toContain(message);
  });
});
