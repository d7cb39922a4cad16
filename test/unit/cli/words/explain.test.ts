import { describe, expect, it } from 'vitest';
import { heldInWords } from '../../../../lib/cli/words/held-by.js';
import { decisionInWords, explained } from '../../../../lib/cli/words/explain.js';
import { decision, NOON, poolView } from '../../../support/pool-views.js';

const running = { state: 'running', faults: 0, lastFault: null, lastTickAt: NOON, isFlapping: false } as const;

describe('why a pool has the size it has (O4, A6)', () => {
  it('is its latest resize, with the reason', () => {
    const held = decision({ seq: 9, from: 4, to: 4, proposed: 6, heldBy: 'max 4' });
    expect(explained(poolView(), [held, decision()])).toBe(
      'images has 4 workers (as many as wanted; 1 to 8 are allowed), of which 3 are busy; 2 tasks wait. ' +
        'Its autoscaler goes by the policy balanced, so that 99 of 100 tasks wait no longer than 100ms. ' +
        'Its latest resize, 2m ago: grew from 2 to 4. ' +
        'Why: 41 tasks/s of 51 ms keep 2.1 workers busy; with 4, 0.3 % wait over 100 ms.',
    );
  });

  it('is a person who pinned it, until when and why (A4)', () => {
    const override = { size: 4, owner: 'ada', reason: 'sale at noon', until: NOON + 540_000 };
    expect(explained(poolView({ override }), [decision()])).toContain(
      'ada pinned the size to 4 for another 9m, until 12:09:00. Reason: sale at noon. Meanwhile its autoscaler changes nothing.',
    );
    const forGood = poolView({ name: 'my pool', override: { ...override, until: null } });
    expect(explained(forGood, [])).toContain("ada pinned the size to 4 until dynamic-pool auto 'my pool'.");
  });

  it('is nobody, where there is no autoscaler, or it has decided nothing', () => {
    const without = poolView({ autoscaler: null, policy: null, objectiveMs: null });
    expect(explained(without, [])).toContain('It has no autoscaler: its size is what somebody set it to.');
    expect(explained(poolView(), [])).toContain(
      'It has not resized the pool of late: the target of 4 is older, or somebody else set it.',
    );
  });

  it('says where somebody else has changed the target since', () => {
    expect(explained(poolView({ target: 6 }), [decision()])).toContain('Since then somebody else set the target to 6.');
  });

  it.each([
    [{ state: 'paused' as const }, 'It is paused: no task starts until dynamic-pool resume images.'],
    [{ state: 'draining' as const }, 'It is draining: new tasks are refused until dynamic-pool resume images.'],
    [{ state: 'closed' as const }, 'It is closed, for good.'],
    [{ size: 2, starting: 1 }, 'images has 2 workers (4 wanted, 1 starting; 1 to 8 are allowed)'],
    [{ autoscaler: { ...running, state: 'stopped' as const } }, 'Its autoscaler has no ticks any more'],
    [
      { autoscaler: { ...running, state: 'frozen' as const, faults: 1, lastFault: 'no signal' } },
      'Its autoscaler stands still after a fault: no signal. Set the policy again: dynamic-pool policy images --set PRESET.',
    ],
    [
      { autoscaler: { ...running, state: 'retrying' as const, faults: 2, lastFault: 'no signal' } },
      'Its autoscaler failed (2 faults) and tries again: no signal.',
    ],
    [{ autoscaler: { ...running, isFlapping: true } }, 'It went up and down too often of late'],
  ])('tells of %j', (change, sentence) => {
    expect(explained(poolView(change), [decision()])).toContain(sentence);
  });
});

describe('a decision in words (O4, A6)', () => {
  it('tells when, what, why, and by which signals', () => {
    expect(decisionInWords(decision({ reason: 'work was left over' }), NOON)).toBe(
      '11:58:00, 2m ago: grew from 2 to 4. Why: work was left over. Signals: arrivalRate 41.2, serviceTime 51.',
    );
  });

  it('tells how often it was repeated', () => {
    const quiet = decision({ from: 4, to: 4, signals: {}, reason: 'enough', repeated: 12, lastAt: NOON - 3_000 });
    expect(decisionInWords(quiet, NOON)).toBe(
      '11:58:00, 2m ago: stayed at 4. Why: enough. The same 12 times more since, the last 3s ago.',
    );
  });

  it.each([
    [{ from: 4, proposed: 6, to: 4, heldBy: 'max 4' }, 'stayed at 4, though 6 was proposed: its max is 4.'],
    [
      { from: 4, proposed: 9, to: 6, heldBy: 'step limit 2' },
      'grew from 4 to 6, though 9 was proposed: held by step limit 2.',
    ],
    [{ from: 6, proposed: 2, to: 6, heldBy: 'override' }, 'stayed at 6, though 2 was proposed: the size is pinned.'],
    [{ from: 6, proposed: 2, to: 2, heldBy: null }, 'shrank from 6 to 2.'],
    [{ from: 6, proposed: 6, to: 6, heldBy: 'signal load' }, 'stayed at 6: the signal load has no fresh value.'],
  ])('%j', (change, words) => {
    expect(decisionInWords(decision(change), NOON)).toContain(`2m ago: ${words} Why:`);
  });

  it('says nothing untrue of a guard that it does not know', () => {
    expect(heldInWords('constructor')).toBe('held by constructor');
    expect(heldInWords('cooldown 3 s')).toBe('held by cooldown 3 s');
  });
});
