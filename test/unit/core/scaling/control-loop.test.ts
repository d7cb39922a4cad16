import { describe, expect, it, vi } from 'vitest';
import type {
  Decider,
  Decision,
  Guard,
  PoolReading,
  ResizePort,
  Signal,
} from '../../../../lib/core/scaling/contract.js';
import { ControlLoop } from '../../../../lib/core/scaling/control-loop.js';
import { KEPT_DECISIONS } from '../../../../lib/core/scaling/decision-log.js';
import type { OnFault } from '../../../../lib/core/scaling/faults.js';
import type { Flapping } from '../../../../lib/core/scaling/flapping.js';
import { Pipeline, type PolicyParts } from '../../../../lib/core/scaling/pipeline.js';
import { readingOf } from '../../../support/readings.js';
import { settleMicrotasks, VirtualClock } from '../../../support/virtual-clock.js';

/** Proposes what it is told to. */
class Wish implements Decider {
  asked = 0;
  fault: Error | null = null;

  constructor(public target: number) {}

  decide() {
    this.asked++;
    if (this.fault) throw this.fault;
    return { target: this.target, why: 'a wish' };
  }
}

/** A pool of another kind: it resizes when it gets round to it. */
class Foreign implements ResizePort {
  target = 4;
  override: object | null = null;
  state = 'open';
  readonly asked: [number, string | undefined][] = [];
  onQueuedListener: (() => void) | null = null;
  answer: () => Promise<void> | void = () => undefined;

  snapshot(): PoolReading {
    return readingOf({ target: this.target, override: this.override, state: this.state });
  }

  resize(target: number, options?: { reason?: string }): Promise<void> | void {
    this.asked.push([target, options?.reason]);
    const answer = this.answer();
    if (!(answer instanceof Promise)) this.target = target;
    return answer;
  }

  onQueued(listener: () => void): () => void {
    this.onQueuedListener = listener;
    return () => (this.onQueuedListener = null);
  }
}

function looped(decider: Decider, parts: Partial<PolicyParts> = {}, onFault: OnFault = 'retry') {
  const [port, clock] = [new Foreign(), new VirtualClock()];
  const told = { decisions: [] as Decision[], flapping: [] as Flapping[], faults: [] as Error[] };
  const pipelineOf = (by: Decider) =>
    new Pipeline({ tickMs: 250, signals: new Map(), decider: by, guards: [], forecast: null, ...parts });
  const loop = new ControlLoop(
    port,
    clock,
    {
      decision: (decision) => told.decisions.push(decision),
      flapping: (flapping) => told.flapping.push(flapping),
      fault: (fault) => told.faults.push(fault),
    },
    onFault,
    pipelineOf(decider),
  );
  loop.start();
  return { loop, port, clock, told, pipelineOf };
}

describe('a control loop (A1-A6)', () => {
  it('brings the pool to what its policy proposes, and says why', () => {
    const { loop, port, told } = looped(new Wish(6));
    loop.tick();
    expect(port.asked).toEqual([[6, 'a wish']]);
    expect(told.decisions).toMatchObject([
      { seq: 1, pool: 'pool', from: 4, proposed: 6, to: 6, heldBy: null, reason: 'a wish' },
    ]);
  });

  it('keeps to the bounds whatever is proposed (D7)', () => {
    const wish = new Wish(99);
    const { loop, port } = looped(wish);
    loop.tick();
    wish.target = -3;
    loop.tick();
    expect(port.asked.map(([target]) => target)).toEqual([8, 1]);
    expect(loop.decisions().map(({ proposed, heldBy }) => [proposed, heldBy])).toEqual([
      [-3, 'min 1'],
      [99, 'max 8'],
    ]);
  });

  it('tells which guard held it, and tells guards of applied resizes only (D2)', () => {
    const resizes: number[][] = [];
    let isHolding = true;
    const guard: Guard = {
      apply: (proposal, { snapshot }) => (isHolding ? { target: snapshot.target, heldBy: 'cooldown' } : proposal),
      resized: (from, to) => resizes.push([from, to]),
    };
    const { loop } = looped(new Wish(6), { guards: [guard] });
    loop.tick();
    expect(loop.decisions(1)).toMatchObject([{ proposed: 6, to: 4, heldBy: 'cooldown' }]);
    expect(resizes).toEqual([]);
    isHolding = false;
    loop.tick();
    expect(resizes).toEqual([[4, 6]]);
  });

  it('takes the higher of the forecast and the decider (D9)', () => {
    const { loop, port } = looped(new Wish(5), { forecast: { predict: () => 6.2 } });
    loop.tick();
    expect(port.asked).toEqual([[7, 'the forecast calls for 7']]);
  });

  it('stands aside while a person has pinned the size (A4)', () => {
    const { loop, port } = looped(new Wish(6));
    port.override = { size: 4 };
    loop.tick();
    expect(port.asked).toEqual([]);
    expect(loop.decisions()).toMatchObject([{ proposed: 6, to: 4, heldBy: 'override' }]);
  });

  it('says once that it stands aside, whatever the policy would like meanwhile (A4, A6)', () => {
    let target = 5;
    const { loop, port, told } = looped({ decide: () => ({ target, why: `${target} would do` }) });
    port.override = { size: 4 };
    for (target of [5, 6, 5, 7]) loop.tick();
    expect(told.decisions).toHaveLength(1);
    expect(loop.decisions()).toMatchObject([{ seq: 1, proposed: 7, repeated: 3, reason: '7 would do' }]);
  });

  it('counts repetitions where they began, so that resizes are not pushed out', () => {
    const wish = new Wish(6);
    const { loop, told } = looped(wish);
    for (let tick = 0; tick < 2 * KEPT_DECISIONS; tick++) loop.tick();
    expect(loop.decisions()).toMatchObject([
      { seq: 2, from: 6, to: 6, repeated: 2 * KEPT_DECISIONS - 2 },
      { seq: 1, from: 4, to: 6 },
    ]);
    expect(told.decisions).toHaveLength(2);
  });

  it('tells the latest reason of what repeats itself, not the first', () => {
    let why = 'nothing is known yet';
    const { loop } = looped({ decide: () => ({ target: 4, why }) });
    loop.tick();
    why = 'the size suits a load of 3 workers';
    loop.tick();
    expect(loop.decisions()).toMatchObject([{ seq: 1, repeated: 1, reason: 'the size suits a load of 3 workers' }]);
  });

  it('keeps the last thousand decisions', () => {
    const wish = new Wish(6);
    const { loop } = looped(wish);
    for (let tick = 0; tick < KEPT_DECISIONS + 5; tick++) {
      wish.target = 100 + tick;
      loop.tick();
    }
    expect(loop.decisions()).toHaveLength(KEPT_DECISIONS);
    expect(loop.decisions(1)).toMatchObject([{ seq: KEPT_DECISIONS + 5 }]);
  });

  it.each<[string, Signal]>([
    ['throws', { read: () => raise('no connection') }],
    ['is no number', { read: (now) => ({ value: NaN, at: now }) }],
    ['is infinite', { read: (now) => ({ value: Infinity, at: now }) }],
    ['has never told anything', { read: () => null }],
    ['is promised', { read: () => new Promise(() => {}) as never }],
    ['is stale', { read: () => ({ value: 1, at: -1e6 }) }],
    ['comes from another clock', { read: () => ({ value: 1, at: 1e12 }) }],
    ['throws on the reading', { read: (now) => ({ value: 1, at: now }), observe: () => raise('bad reading') }],
  ])('does not move by a signal that %s, and says so', (_, signal) => {
    const decider = Object.assign(new Wish(6), { needs: ['load'] });
    const { loop, port } = looped(decider, { signals: new Map([['load', signal]]) });
    loop.tick();
    expect(decider.asked).toBe(0);
    expect(port.asked).toEqual([]);
    expect(loop.decisions()).toMatchObject([
      { to: 4, heldBy: 'signal load', reason: expect.stringMatching(/^cannot see load: ./) },
    ]);
    expect(loop.health()).toMatchObject({ state: 'running', faults: 0 });
  });

  it('between two ticks guards go by the signals of the last one: a closed breaker holds no growth', () => {
    const breaker: Signal = { read: (now) => ({ value: 0, at: now }) };
    const veto: Guard = {
      apply: (proposal, { snapshot, signals }) =>
        signals['breaker'] === 0 ? proposal : { target: snapshot.target, heldBy: 'breaker unknown' },
    };
    const decider: Decider = {
      decide: () => ({ target: 4, why: 'enough' }),
      onQueued: () => ({ target: 6, why: 'tasks wait' }),
    };
    const { loop, port } = looped(decider, { guards: [veto], signals: new Map([['breaker', breaker]]) });
    loop.tick();
    port.onQueuedListener!();
    expect(port.asked).toEqual([[6, 'tasks wait']]);
  });

  it('tells guards of resizes by others, once each (D2)', () => {
    const resizes: number[][] = [];
    const guard: Guard = { apply: (proposal) => proposal, resized: (from, to) => resizes.push([from, to]) };
    const wish = new Wish(4);
    const { loop, port } = looped(wish, { guards: [guard] });
    loop.tick();
    port.target = 7;
    wish.target = 7;
    loop.tick();
    loop.tick();
    wish.target = 5;
    loop.tick();
    loop.tick();
    expect(resizes).toEqual([
      [4, 7],
      [7, 5],
    ]);
  });

  it('tells guards once of a resize that a slow pool shows before it acknowledges it', async () => {
    const resizes: number[][] = [];
    const guard: Guard = { apply: (proposal) => proposal, resized: (from, to) => resizes.push([from, to]) };
    const { loop, port } = looped(new Wish(6), { guards: [guard] });
    let acknowledge!: () => void;
    port.answer = () => new Promise<void>((resolve) => (acknowledge = resolve));
    loop.tick();
    port.target = 6;
    loop.tick();
    acknowledge();
    await settleMicrotasks();
    expect(resizes).toEqual([[4, 6]]);
  });

  it('a decider that cannot see moves nothing, but a hard guard still takes back what it must', () => {
    const decider: Decider = { needs: ['load'], decide: () => raise('blind') };
    const takesBack: Guard = { apply: () => ({ target: 2, heldBy: 'budget' }) };
    const { loop, port } = looped(decider, { guards: [takesBack] });
    loop.tick();
    expect(port.asked).toEqual([[2, 'cannot see load: no signal has that name']]);
    expect(loop.decisions()).toMatchObject([{ from: 4, proposed: 4, to: 2, heldBy: 'budget' }]);
  });

  it('bears a fault, tries again later each time, and is fine after a tick that went well (A3)', async () => {
    const wish = new Wish(6);
    const { loop, port, clock, told } = looped(wish);
    wish.fault = new Error('division by zero');
    loop.tick();
    expect(loop.health()).toMatchObject({ state: 'retrying', faults: 1, lastFault: 'division by zero' });
    expect(loop.decisions()).toMatchObject([{ to: 4, heldBy: 'a fault', reason: 'failed: division by zero' }]);
    loop.tick();
    expect(wish.asked).toBe(1);
    await clock.advance(1_000);
    loop.tick();
    await clock.advance(1_999);
    loop.tick();
    expect(wish.asked).toBe(2);
    wish.fault = null;
    await clock.advance(1);
    loop.tick();
    expect(loop.health()).toMatchObject({ state: 'running', faults: 2 });
    expect(port.asked).toHaveLength(1);
    expect(told.faults).toHaveLength(2);
  });

  it('a proposal that is no number is a fault', () => {
    const { loop, port } = looped(new Wish(NaN));
    loop.tick();
    expect(port.asked).toEqual([]);
    expect(loop.health().lastFault).toBe('the decider proposed NaN workers');
  });

  it('freezes where it was told to, until it is given a policy', async () => {
    const wish = new Wish(6);
    const { loop, port, clock, pipelineOf } = looped(wish, {}, 'freeze');
    wish.fault = new Error('no');
    loop.tick();
    await clock.advance(3_600_000);
    loop.tick();
    expect(wish.asked).toBe(1);
    expect(loop.health().state).toBe('frozen');
    loop.use(pipelineOf(new Wish(5)));
    loop.tick();
    expect(port.target).toBe(5);
    expect(loop.health().state).toBe('running');
  });

  it('holds the next resize while a foreign pool has not taken over the last one', async () => {
    const wish = new Wish(6);
    const { loop, port } = looped(wish);
    let accept!: () => void;
    port.answer = () => new Promise((resolve) => (accept = resolve));
    loop.tick();
    loop.tick();
    expect(port.asked).toHaveLength(1);
    expect(loop.decisions(1)).toMatchObject([{ heldBy: 'a resize under way' }]);
    port.target = 6;
    accept();
    await settleMicrotasks();
    wish.target = 5;
    loop.tick();
    expect(port.asked).toHaveLength(2);
  });

  it('a resize that the pool refuses is a fault', async () => {
    const { loop, port } = looped(new Wish(6));
    port.answer = () => Promise.reject(new Error('closed'));
    loop.tick();
    await settleMicrotasks();
    expect(loop.health()).toMatchObject({ faults: 1, lastFault: 'closed' });
    expect(loop.decisions(1)).toMatchObject([{ from: 4, to: 4, heldBy: 'a fault', reason: 'failed: closed' }]);
  });

  it('tries again later each time where a pool refuses every resize (A3)', async () => {
    const { loop, port, clock } = looped(new Wish(6));
    port.answer = () => Promise.reject(new Error('no room'));
    for (let tick = 0; tick < 40; tick++) {
      loop.tick();
      await settleMicrotasks();
      await clock.advance(250);
    }
    // After 0, 1, 3 and 7 s.
    expect(port.asked).toHaveLength(4);
    expect(loop.health().state).toBe('retrying');
  });

  it('hears of a refusal by a promise of another kind', async () => {
    const { loop, port } = looped(new Wish(6));
    // As a promise of another library.
    class Refused {
      // oxlint-disable-next-line unicorn/no-thenable -- what is tested
      then(_: unknown, refuse: (error: Error) => void) {
        refuse(new Error('no'));
      }
    }
    port.answer = () => new Refused() as unknown as Promise<void>;
    loop.tick();
    await settleMicrotasks();
    expect(loop.health()).toMatchObject({ faults: 1, lastFault: 'no' });
  });

  it('a refusal that comes after the pool could not be read leaves nothing unhandled', async () => {
    const { loop, port } = looped(new Wish(6));
    let refuse!: (error: Error) => void;
    port.answer = () => {
      vi.spyOn(port, 'snapshot').mockImplementationOnce(() => raise('unreadable'));
      return new Promise((_, reject) => (refuse = reject));
    };
    loop.tick();
    refuse(new Error('late'));
    await settleMicrotasks();
    expect(loop.health()).toMatchObject({ faults: 2, lastFault: 'late' });
  });

  it('a loop that a listener stops resizes nothing more', () => {
    const port = new Foreign();
    const pipeline = new Pipeline({ ...NOTHING, decider: new Wish(6) });
    const events = { decision: () => loop.stop(), flapping() {}, fault() {} };
    const loop = new ControlLoop(port, new VirtualClock(), events, 'retry', pipeline);
    loop.start();
    loop.tick();
    expect(port.asked).toEqual([]);
  });

  it.each(['closed', 'draining'])('keeps the size of a pool that is %s', (state) => {
    const { loop, port } = looped(new Wish(6));
    port.state = state;
    loop.tick();
    expect(port.asked).toHaveLength(state === 'closed' ? 0 : 1);
    expect(loop.health().faults).toBe(0);
  });

  it('grows at once when tasks wait, where the decider takes an interest, and never shrinks then', () => {
    const wish = new Wish(4);
    const decider: Decider = { decide: () => wish.decide(), onQueued: () => wish.decide() };
    const { loop, port } = looped(decider);
    wish.target = 7;
    port.onQueuedListener!();
    expect(port.asked).toEqual([[7, 'a wish']]);
    wish.target = 2;
    port.onQueuedListener!();
    expect(port.asked).toHaveLength(1);
    loop.stop();
    expect(port.onQueuedListener).toBeNull();
  });

  it('notices a pool that goes up and down, tells it once, and holds it up for a minute (A6)', async () => {
    const wish = new Wish(6);
    const { loop, port, clock, told } = looped(wish);
    for (let tick = 0; tick < 12; tick++) {
      wish.target = tick % 2 === 0 ? 6 : 4;
      loop.tick();
      await clock.advance(1_000);
    }
    expect(told.flapping).toEqual([{ resizesPerMinute: 8, reversalsPerMinute: 7 }]);
    expect(loop.health().isFlapping).toBe(true);
    expect(port.target).toBe(6);
    expect(loop.decisions(1)).toMatchObject([{ proposed: 4, to: 6, heldBy: 'flapping' }]);
    await clock.advance(60_000);
    wish.target = 4;
    loop.tick();
    expect(port.target).toBe(4);
    expect(loop.health().isFlapping).toBe(false);
  });

  it('does nothing before it is started and after it is stopped', () => {
    const wish = new Wish(6);
    const { loop } = looped(wish);
    loop.stop();
    loop.tick();
    expect(wish.asked).toBe(0);
    expect(loop.health()).toMatchObject({ state: 'stopped', lastTickAt: null });
  });

  it('keeps the size while the pool is paused, since nothing would use more workers', () => {
    const { loop, port } = looped(new Wish(6));
    port.state = 'paused';
    loop.tick();
    expect(port.asked).toEqual([]);
    expect(loop.decisions()).toMatchObject([{ proposed: 6, to: 4, heldBy: 'a pause' }]);
    port.state = 'open';
    loop.tick();
    expect(port.asked).toHaveLength(1);
  });

  it.each([
    ['throws', () => raise('listener')],
    ['throws what cannot be shown', () => throwIt(Object.create(null))],
    ['rejects', () => Promise.reject(new Error('listener'))],
  ])('a listener that %s harms nothing', async (_, fails) => {
    const port = new Foreign();
    const pipeline = new Pipeline({ ...NOTHING, decider: new Wish(6) });
    const loop = new ControlLoop(
      port,
      new VirtualClock(),
      { decision: fails, flapping: fails, fault: fails },
      'retry',
      pipeline,
    );
    loop.start();
    expect(() => loop.tick()).not.toThrow();
    await settleMicrotasks();
    expect(port.asked).toHaveLength(1);
    expect(loop.health().faults).toBe(0);
  });
});

/** The parts of a policy but for its decider. */
const NOTHING = { tickMs: 250, signals: new Map<string, Signal>(), guards: [], forecast: null };

function raise(message: string): never {
  throw new Error(message);
}

function throwIt(thrown: unknown): never {
  throw thrown;
}
