import { describe, expect, it, vi } from 'vitest';
import { PoolAutoscaler } from '../../../../lib/core/scaling/autoscaler.js';
import type { Decider, Signal } from '../../../../lib/core/scaling/contract.js';
import type { ScalingOptions } from '../../../../lib/core/scaling/scaling-options.js';
import { LocalPool } from '../../../../lib/core/pool/local-pool.js';
import { resolvePoolOptions } from '../../../../lib/core/pool/resolve-options.js';
import { FakeEngine } from '../../../support/fake-engine.js';
import { VirtualClock } from '../../../support/virtual-clock.js';

const wants = (target: number): Decider => ({ decide: () => ({ target, why: `wants ${target}` }) });
const scaled = (scaling: ScalingOptions) => ({ name: 'images', size: { min: 1, max: 8 }, scaling });

function start(scaling: ScalingOptions) {
  const clock = new VirtualClock();
  const options = resolvePoolOptions(scaled(scaling));
  const engine = new FakeEngine(clock);
  const pool = new LocalPool(options, engine, clock);
  const events = { decision() {}, flapping() {}, fault: vi.fn<(fault: Error) => void>() };
  const autoscaler = new PoolAutoscaler('images', pool, options.scaling!, { kit: {}, clock, events });
  pool.attach(autoscaler);
  pool.start();
  return { pool, clock, engine, autoscaler };
}

describe('new scaling options of a running pool (O5, A5)', () => {
  it('are in force from the next tick on, all in one step; the log of decisions goes on', async () => {
    const { pool, clock, autoscaler } = start({ policy: { decider: wants(3) } });
    await clock.advance(250);
    const changes = pool
      .prepare(scaled({ policy: { decider: wants(5) }, objectiveMs: 50, tickMs: 100, onFault: 'freeze' }))
      .apply('pools.yaml');
    expect(changes.map(({ key }) => key)).toEqual([
      'scaling.policy',
      'scaling.objectiveMs',
      'scaling.tickMs',
      'scaling.onFault',
    ]);
    expect(changes[0]!.from).toEqual({ decider: { type: 'custom', name: 'Object' } });
    expect(autoscaler.objectiveMs).toBe(50);
    await clock.advance(100);
    expect(pool.snapshot().target).toBe(5);
    expect(autoscaler.decisions().map(({ to, seq }) => [seq, to])).toEqual([
      [2, 5],
      [1, 3],
    ]);
  });

  it('count what is late by the new objective', async () => {
    const { pool, clock, engine } = start({ policy: { decider: wants(1) }, objectiveMs: 10 });
    await clock.advance(1);
    const serveNext = async () => {
      await clock.advance(100);
      engine.running[0]!.end();
      await clock.advance(0);
    };
    for (let call = 0; call < 3; call++) void pool.run('work');
    await serveNext();
    expect(pool.snapshot().load).toMatchObject({ started: 2, late: 1 });
    pool.prepare(scaled({ policy: { decider: wants(1) }, objectiveMs: 5_000 })).apply('pools.yaml');
    await serveNext();
    expect(pool.snapshot().load).toMatchObject({ started: 3, late: 1 });
  });

  it('are let go where the pool was closed since they were built', async () => {
    const closed = vi.fn<() => void>();
    const mine: Signal = { read: (at) => ({ value: 1, at }), close: closed };
    const policy = { decider: wants(1), signals: { mine } };
    const { pool, autoscaler } = start({ policy });
    const prepared = pool.prepare(scaled({ policy, objectiveMs: 50, tickMs: 20 }));
    await pool.close();
    prepared.apply('pools.yaml');
    expect(closed).toHaveBeenCalledOnce();
    expect(autoscaler.health().state).toBe('stopped');
  });

  it('keep what a policy has learned where neither policy, objective nor tick change', async () => {
    const closed = vi.fn<() => void>();
    const mine: Signal = { read: (at) => ({ value: 1, at }), close: closed };
    const policy = { decider: wants(2), signals: { mine } };
    const { pool, autoscaler } = start({ policy });
    pool.prepare(scaled({ policy, onFault: 'freeze' })).apply('pools.yaml');
    expect(autoscaler.policy()).toBe(policy);
    expect(closed).not.toHaveBeenCalled();
  });

  it('leave a policy alone that was set by hand, until they name another one than before', () => {
    const { pool, autoscaler } = start({ policy: 'balanced' });
    autoscaler.setPolicy('latency');
    pool.prepare(scaled({ policy: 'balanced', objectiveMs: 70 })).apply('pools.yaml');
    expect([autoscaler.policy(), autoscaler.objectiveMs]).toEqual(['latency', 70]);
    pool.prepare(scaled({ policy: 'thrifty', objectiveMs: 70 })).apply('pools.yaml');
    expect(autoscaler.policy()).toBe('thrifty');
  });

  it('wake an autoscaler that a fault has frozen', async () => {
    let fails = true;
    const decider: Decider = {
      decide: () => {
        if (fails) throw new Error('no');
        return { target: 2, why: 'well' };
      },
    };
    const { pool, clock, autoscaler } = start({ policy: { decider }, onFault: 'freeze' });
    await clock.advance(250);
    expect(autoscaler.health().state).toBe('frozen');
    fails = false;
    pool.prepare(scaled({ policy: { decider }, onFault: 'retry' })).apply('pools.yaml');
    await clock.advance(250);
    expect(autoscaler.health().state).toBe('running');
    expect(pool.snapshot().target).toBe(2);
  });

  it('are refused where they switch scaling on or off, or name a policy that cannot be built; nothing changes', () => {
    const { pool, autoscaler } = start({ policy: 'balanced' });
    expect(() => pool.prepare({ ...scaled({}), scaling: false })).toThrow('scaling cannot be switched off');
    expect(() =>
      pool.prepare(scaled({ policy: { decider: { type: 'threshold', signal: 'x', up: 2, down: 1 } } })),
    ).toThrow('scaling.policy.decider.signal is "x", but no signal has that name.');
    expect(autoscaler.policy()).toBe('balanced');
    const fixed = new LocalPool(
      resolvePoolOptions({ ...scaled({}), scaling: false }),
      new FakeEngine(new VirtualClock()),
    );
    expect(() => fixed.prepare(scaled({}))).toThrow('scaling cannot be switched on while it runs');
  });

  it('that are let go close what was built', () => {
    const closed = vi.fn<() => void>();
    const { pool } = start({ policy: 'balanced' });
    const signals = { mine: { read: () => null, close: closed } satisfies Signal };
    const prepared = pool.prepare(scaled({ policy: { signals } }));
    expect(closed).not.toHaveBeenCalled();
    prepared.discard();
    expect(closed).toHaveBeenCalledOnce();
  });
});
