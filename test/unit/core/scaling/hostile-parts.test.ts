import { describe, expect, it } from 'vitest';
import type { Decider, Guard, PoolReading } from '../../../../lib/core/scaling/contract.js';
import { PoolAutoscaler } from '../../../../lib/core/scaling/autoscaler.js';
import { resolveScaling } from '../../../../lib/core/scaling/resolve-scaling.js';
import type { Policy } from '../../../../lib/core/scaling/scaling-options.js';
import { readingOf } from '../../../support/readings.js';
import { settleMicrotasks, VirtualClock } from '../../../support/virtual-clock.js';

/** One tick of a policy whose parts nobody has checked: what a pool was asked for, and what was told. */
async function ticked(policy: unknown, part: Partial<PoolReading> = {}) {
  const clock = new VirtualClock();
  const asked: number[] = [];
  const port = {
    snapshot: () => readingOf({ ...part, name: 'images' }),
    resize: (target: number) => void asked.push(target),
    onQueued: (listener: () => void) => ((port.queue = listener), () => {}),
    queue: (): void => {},
  };
  const events = { decision() {}, flapping() {}, fault() {} };
  const resolved = resolveScaling({ policy: policy as Policy }, 'balanced')!;
  const autoscaler = new PoolAutoscaler('images', port, resolved, { kit: {}, clock, events });
  autoscaler.start();
  await clock.advance(250);
  await settleMicrotasks();
  port.queue();
  autoscaler.stop();
  return { asked, ...autoscaler.health(), decisions: autoscaler.decisions() };
}

const wants = (target: unknown): Decider => ({ decide: () => ({ target: target as number, why: 'a wish' }) });
const rejected = () => Promise.reject(new Error('later'));

describe('parts of a policy that are not what they must be: a fault, and the size stays (A3)', () => {
  it.each<[string, unknown, string]>([
    ['a decider that returns a promise', { decider: { decide: rejected } }, 'the decider returned a promise'],
    ['a decider that returns nothing', { decider: { decide: () => undefined } }, 'the decider proposed undefined'],
    [
      'a decider that throws what cannot be shown',
      { decider: thrower(Object.create(null)) },
      'something that cannot be shown',
    ],
    [
      'an error whose message cannot be read',
      {
        decider: thrower(
          Object.defineProperty(new Error('x'), 'message', { get: () => expect.unreachable('no message') }),
        ),
      },
      'something that cannot be shown',
    ],
    ['a forecast that returns a promise', { forecast: { predict: rejected } }, 'the forecast returned a promise'],
    [
      'a forecast without end',
      { decider: wants(4), forecast: { predict: () => Infinity } },
      'the forecast predicted Infinity workers',
    ],
    ['a guard that returns nothing', guarded(() => undefined), 'a guard allowed undefined workers'],
    ['a guard that returns a promise', guarded(rejected), 'a guard returned a promise'],
    ['a guard that allows no number', guarded(() => ({ target: NaN })), 'a guard allowed NaN workers'],
    ['a guard that allows a text', guarded(() => ({ target: '3' })), 'a guard allowed 3 workers'],
  ])('%s', async (_, policy, fault) => {
    const { asked, faults, lastFault } = await ticked(policy);
    expect(asked).toEqual([]);
    expect(faults).toBe(1);
    expect(lastFault).toContain(fault);
  });

  it.each([
    [6, 5.5, 5],
    [2, 2.5, 3],
  ])(
    'of %i workers a guard allows %d: %i whole ones, on the side of the present size',
    async (proposed, allowed, applied) => {
      const { asked } = await ticked({ ...guarded(() => ({ target: allowed })), decider: wants(proposed) });
      expect(asked).toEqual([applied]);
    },
  );

  it('a very long reason is cut', async () => {
    const why = 'x'.repeat(100_000);
    const { decisions } = await ticked({ decider: { decide: () => ({ target: 5, why }) } });
    expect(decisions[0]!.reason).toHaveLength(1_001);
  });

  it.each(['constructor', 'toString', 'nobody'])('a decider that needs the signal %s stays blind', async (name) => {
    const { asked, decisions } = await ticked({ decider: { ...wants(6), needs: [name] } });
    expect(asked).toEqual([]);
    expect(decisions[0]).toMatchObject({ reason: `cannot see ${name}: no signal has that name` });
  });
});

describe('where tasks wait', () => {
  const grows: Decider = { ...wants(4), onQueued: () => ({ target: 8, why: 'tasks wait' }) };

  it.each<[string, object, number[], string | null]>([
    ['memory-headroom', { memory: () => 1 }, [5], 'memory headroom'],
    ['cpu-saturation', { runQueue: () => 9 }, [], 'run-queue wait 9 s/s > 1 s/s'],
    ['breaker', { breaker: () => 1 }, [], 'breaker open'],
    ['breaker', { breaker: () => 0 }, [8], null],
  ])('the guard %s goes by the signals of the last tick', async (type, signals, asked, heldBy) => {
    const told = await ticked({ decider: grows, signals, guards: [{ type }] });
    expect(told.asked).toEqual(asked);
    expect(told.decisions[0]).toMatchObject({ heldBy, reason: 'tasks wait' });
  });
});

function thrower(thrown: unknown) {
  return {
    decide() {
      throw thrown;
    },
  };
}

function guarded(apply: () => unknown): { decider: Decider; guards: Guard[] } {
  return { decider: wants(6), guards: [{ apply } as Guard] };
}
