import { describe, expect, it, vi } from 'vitest';
import { autoscale } from '../../../../lib/core/scaling/autoscale.js';
import { PoolAutoscaler } from '../../../../lib/core/scaling/autoscaler.js';
import type { Decider, PoolReading, ResizePort } from '../../../../lib/core/scaling/contract.js';
import { resolveScaling } from '../../../../lib/core/scaling/resolve-scaling.js';
import type { ScalingOptions } from '../../../../lib/core/scaling/scaling-options.js';
import { readingOf } from '../../../support/readings.js';
import { VirtualClock } from '../../../support/virtual-clock.js';

const wants = (target: number): Decider => ({ decide: () => ({ target, why: `wants ${target}` }) });

/** Anything that can be resized. */
class Port implements ResizePort {
  target = 4;
  reads = 0;
  onQueuedListener: (() => void) | null = null;

  snapshot(): PoolReading {
    this.reads++;
    return readingOf({ name: 'images', target: this.target, size: this.target, live: this.target });
  }

  resize(target: number): void {
    this.target = target;
  }

  onQueued(listener: () => void): () => void {
    this.onQueuedListener = listener;
    return () => (this.onQueuedListener = null);
  }
}

function scaled(scaling: ScalingOptions, port = new Port()) {
  const clock = new VirtualClock();
  const events = { decision: vi.fn<() => void>(), flapping: vi.fn<() => void>(), fault: vi.fn<() => void>() };
  const resolved = resolveScaling(scaling, 'balanced', 'images')!;
  const autoscaler = new PoolAutoscaler('images', port, resolved, { kit: {}, clock, events });
  autoscaler.start();
  return { autoscaler, port, clock, events };
}

describe('an autoscaler (A1-A6)', () => {
  it('ticks by one timer, set once (A2, S0 B13)', async () => {
    const { autoscaler, port, clock } = scaled({ policy: { decider: wants(5) } });
    expect(port.target).toBe(4);
    await clock.advance(250);
    expect(port.target).toBe(5);
    const reads = port.reads;
    await clock.advance(10_000);
    expect(port.reads - reads).toBe(40);
    expect(clock.scheduled).toBe(1);
    autoscaler.stop();
    expect(clock.scheduled).toBe(0);
  });

  it('is dead when its interval was cleared and not deleted: ten ticks and ten seconds of silence', async () => {
    const [port, clock] = [new Port(), new VirtualClock()];
    const events = { decision() {}, flapping() {}, fault() {} };
    let tick!: () => void;
    const ticker = { isRunning: true, start: (_: number, callback: () => void) => void (tick = callback), stop() {} };
    const build = (tickMs: number) => {
      const resolved = resolveScaling({ policy: { decider: wants(5) }, tickMs }, 'balanced', 'images')!;
      return new PoolAutoscaler('images', port, resolved, { kit: {}, clock, events, ticker });
    };
    const autoscaler = build(250);
    autoscaler.start();
    await clock.advance(10_000);
    expect(autoscaler.health().state).toBe('running');
    await clock.advance(1);
    expect(autoscaler.health().state).toBe('stopped');
    tick();
    expect(autoscaler.health().state).toBe('running');
    autoscaler.stop();
    const slow = build(2_000);
    slow.start();
    await clock.advance(20_000);
    expect(slow.health().state).toBe('running');
    slow.stop();
  });

  it('changes its policy in one step, its tick with it (A5)', async () => {
    const { autoscaler, port, clock } = scaled({ policy: { decider: wants(5) } });
    await clock.advance(250);
    const other = { preset: 'course' as const, decider: wants(6) };
    autoscaler.setPolicy(other);
    expect(autoscaler.policy()).toBe(other);
    await clock.advance(499);
    expect(port.target).toBe(5);
    await clock.advance(1);
    expect(port.target).toBe(6);
    autoscaler.stop();
  });

  it('keeps its policy where another cannot be built', async () => {
    const policy = { decider: wants(5) };
    const { autoscaler, port, clock } = scaled({ policy });
    expect(() => autoscaler.setPolicy('balancd' as never)).toThrow("Did you mean 'balanced'?");
    expect(autoscaler.policy()).toBe(policy);
    await clock.advance(250);
    expect(port.target).toBe(5);
    autoscaler.stop();
  });

  it('frozen by a fault, it goes on with a policy that is set (A3)', async () => {
    const broken: Decider = { decide: () => expect.unreachable('broken') };
    const { autoscaler, port, clock, events } = scaled({ policy: { decider: broken }, onFault: 'freeze' });
    await clock.advance(1_000);
    expect(events.fault).toHaveBeenCalledOnce();
    expect(autoscaler.health()).toMatchObject({ state: 'frozen', faults: 1 });
    autoscaler.setPolicy({ decider: wants(7) });
    await clock.advance(250);
    expect(port.target).toBe(7);
    expect(autoscaler.health().state).toBe('running');
    autoscaler.stop();
  });

  it('is stopped where its ticker was stopped by somebody else, on enqueue as well', () => {
    let isRunning = true;
    const ticker = {
      get isRunning() {
        return isRunning;
      },
      start() {},
      stop() {},
    };
    const port = new Port();
    const grows: Decider = { ...wants(4), onQueued: () => ({ target: 8, why: 'tasks wait' }) };
    const resolved = resolveScaling({ policy: { decider: grows } }, 'balanced')!;
    const events = { decision() {}, flapping() {}, fault() {} };
    const autoscaler = new PoolAutoscaler('images', port, resolved, { kit: {}, ticker, events });
    autoscaler.start();
    isRunning = false;
    port.onQueuedListener!();
    expect(port.target).toBe(4);
    expect(autoscaler.health().state).toBe('stopped');
    isRunning = true;
    port.onQueuedListener!();
    expect(port.target).toBe(8);
    autoscaler.stop();
    expect(port.onQueuedListener).toBeNull();
  });

  it('is the only one of its pool; when it was stopped, another may come (A1)', () => {
    const { autoscaler, port } = scaled({ policy: { decider: wants(5) } });
    expect(() => scaled({}, port)).toThrow("pool 'images' has an autoscaler already, and two would fight");
    autoscaler.stop();
    const successor = scaled({}, port).autoscaler;
    autoscaler.stop();
    expect(() => scaled({}, port)).toThrow('two would fight');
    successor.stop();
  });

  it('stopped a second time, it does not free the pool of the one that came after it (A1)', () => {
    const { autoscaler, port } = scaled({});
    autoscaler.stop();
    const second = scaled({}, port).autoscaler;
    autoscaler.stop();
    expect(() => scaled({}, port)).toThrow("pool 'images' has an autoscaler already");
    second.stop();
  });

  it('stopped before it was started, it stays stopped', () => {
    const [port, clock] = [new Port(), new VirtualClock()];
    const events = { decision() {}, flapping() {}, fault() {} };
    const resolved = resolveScaling({}, 'balanced')!;
    const autoscaler = new PoolAutoscaler('images', port, resolved, { kit: {}, clock, events });
    autoscaler.stop();
    autoscaler.start();
    expect(clock.scheduled).toBe(0);
    expect(autoscaler.health().state).toBe('stopped');
  });

  it('stopped, it takes no policy, and opens nothing for one', () => {
    const { autoscaler } = scaled({});
    autoscaler.stop();
    const close = vi.fn<() => void>();
    const policy = { signals: { load: { read: () => null, close } } };
    expect(() => autoscaler.setPolicy(policy)).toThrow("pool 'images': the autoscaler was stopped");
    expect(autoscaler.policy()).toBe('balanced');
  });

  it('a signal that cannot be closed keeps neither the others open nor the autoscaler from stopping', async () => {
    const closed = vi.fn<() => void>();
    const signal = (close: () => unknown) => ({ read: () => null, close: close as () => void });
    const signals = {
      throws: signal(() => expect.unreachable('no')),
      rejects: signal(() => Promise.reject(new Error('no'))),
      closes: signal(closed),
    };
    const { autoscaler, port, clock } = scaled({ policy: { signals } });
    autoscaler.setPolicy({ decider: wants(5) });
    expect(closed).toHaveBeenCalledOnce();
    await clock.advance(250);
    expect(port.target).toBe(5);
    autoscaler.setPolicy({ signals });
    autoscaler.stop();
    expect(closed).toHaveBeenCalledTimes(2);
    expect(clock.scheduled).toBe(0);
    scaled({}, port).autoscaler.stop();
  });

  it('that cannot be started leaves its pool free, and its signals closed', () => {
    const port = new Port();
    const close = vi.fn<() => void>();
    const policy = { signals: { load: { read: () => null, close } } };
    vi.spyOn(port, 'onQueued').mockImplementationOnce(() => expect.unreachable('deaf'));
    expect(() => autoscale(port, { policy }, {}, {})).toThrow('deaf');
    expect(close).toHaveBeenCalledOnce();
    autoscale(port, {}, {}, {}).stop();
  });

  it('goes by the preset of its kind of pool where a policy names none', () => {
    const resolved = resolveScaling({ policy: { guards: [{ type: 'step-limit', up: 4 }] } }, 'course')!;
    const events = { decision() {}, flapping() {}, fault() {} };
    const clock = new VirtualClock();
    const ticks: number[] = [];
    const ticker = { isRunning: true, start: (ms: number) => void ticks.push(ms), stop() {} };
    const autoscaler = new PoolAutoscaler('images', new Port(), resolved, { kit: {}, clock, ticker, events });
    autoscaler.start();
    autoscaler.stop();
    // The tick of `course`.
    expect(ticks).toEqual([500]);
  });

  it('tells as many decisions as are asked for, and refuses other numbers', async () => {
    let target = 4;
    const decider: Decider = { decide: () => ({ target: (target = target === 4 ? 5 : 4), why: 'a whim' }) };
    const { autoscaler, clock } = scaled({ policy: { decider } });
    await clock.advance(1_000);
    expect(autoscaler.decisions({ limit: 2 }).map(({ seq }) => seq)).toEqual([4, 3]);
    expect(() => autoscaler.decisions({ limit: 0 })).toThrow('limit is 0');
    autoscaler.stop();
  });
});

describe('an autoscaler for a pool of another kind (D10)', () => {
  it('takes anything with snapshot() and resize()', () => {
    const port = new Port();
    const autoscaler = autoscale(port, 'course', {}, {});
    expect(autoscaler.pool).toBe('images');
    expect(autoscaler.health()).toMatchObject({ state: 'running', lastTickAt: null });
    autoscaler.stop();
  });

  it.each<[unknown, string]>([
    [null, 'port is null, but must be an object'],
    [
      { snapshot: () => ({}) },
      'port is an object, but must be an object with the methods snapshot() and resize(target)',
    ],
    [{ snapshot: () => 3, resize() {} }, 'what port.snapshot() returns is 3'],
    [{ snapshot: () => ({}), resize() {} }, 'port.snapshot().name is undefined, but must be a non-empty text'],
    [
      { snapshot: () => ({ ...readingOf(), busy: undefined }), resize() {} },
      "pool 'pool': port.snapshot().busy is undefined, but must be a number from 0",
    ],
    [
      { snapshot: () => readingOf({ concurrency: 0 }), resize() {} },
      "pool 'pool': port.snapshot().concurrency is 0, but must be a whole number from 1 to 1,024",
    ],
  ])('refuses a port that is none: %o', (port, message) => {
    expect(() => autoscale(port as ResizePort, {}, {}, {})).toThrow(message);
  });

  it('a fault that nobody listens for is a process warning', async () => {
    const warned = new Promise<Error>((resolve) => process.once('warning', resolve));
    const port = new Port();
    const broken: Decider = { decide: () => expect.unreachable('broken') };
    const autoscaler = autoscale(port, { policy: { decider: broken }, tickMs: 10 }, {}, {});
    expect((await warned).message).toContain("pool 'images': the autoscaler failed: ");
    autoscaler.stop();
  });
});

describe('the options of scaling', () => {
  it('have their defaults in one place', () => {
    const defaults = { policy: 'balanced', preset: 'balanced', objectiveMs: 100, tickMs: null, onFault: 'retry' };
    expect(resolveScaling(undefined, 'balanced')).toEqual(defaults);
    expect(resolveScaling({ policy: undefined, tickMs: undefined }, 'balanced')).toEqual(defaults);
    expect(resolveScaling('thrifty', 'balanced')).toEqual({ ...defaults, policy: 'thrifty' });
    expect(resolveScaling({ objectiveMs: 50 }, 'adaptive')).toEqual({
      ...defaults,
      policy: 'adaptive',
      preset: 'adaptive',
      objectiveMs: 50,
    });
    expect(resolveScaling(false, 'balanced')).toBeNull();
  });

  it.each<[unknown, string]>([
    [true, "pool 'images': scaling is true, but must be an object"],
    [{ objectiveMs: 0 }, 'scaling.objectiveMs is 0'],
    [{ tickMs: 1 }, 'scaling.tickMs is 1, but must be at least 10 ms'],
    [{ tickMs: NaN }, 'scaling.tickMs is NaN'],
    [{ onFault: 'ignore' }, "scaling.onFault is \"ignore\", but must be 'retry' or 'freeze'"],
    [{ polcy: 'course' }, "Did you mean 'policy'?"],
  ])('%o is refused', (scaling, message) => {
    expect(() => resolveScaling(scaling as ScalingOptions, 'balanced', 'images')).toThrow(message);
  });
});
