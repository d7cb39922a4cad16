import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ManagedPool } from '../../../../lib/core/pool/managed-pool.js';
import type { Signal } from '../../../../lib/core/scaling/contract.js';
import { createManagedPool } from '../../../../lib/engines/create-pool.js';

const HOUR_MS = 3_600_000;
const pools: ManagedPool[] = [];

/** A pool that is given one worker more at each tick at which its signal tells 1, and one fewer at each 0. */
async function poolWith(name: string, read: Signal['read']): Promise<ManagedPool> {
  const policy = {
    signals: { load: { read } },
    decider: { type: 'threshold', signal: 'load', up: 0.75, down: 0.25 },
  } as const;
  const tasks = { answer: async () => 42 };
  const size = { min: 1, initial: 4, max: 32 };
  const pool = createManagedPool({ name, kind: 'async', tasks, size, scaling: { policy, tickMs: 250 } }, { kit: {} });
  pools.push(pool);
  await pool.ready();
  return pool;
}

/** What a pool has come to. */
function stateOf(pool: ManagedPool) {
  const { from, to, heldBy, reason } = pool.autoscaler!.decisions({ limit: 1 })[0]!;
  const { state, faults } = pool.autoscaler!.health();
  return { target: pool.snapshot().target, from, to, heldBy, reason, state, faults };
}

const heldAt = (target: number, heldBy: string, reason: unknown = expect.any(String)) => ({
  target,
  reason,
  from: target,
  to: target,
  heldBy,
  state: 'running',
  faults: 0,
});

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });
});

afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(pools.splice(0).map((pool) => pool.close({ force: true })));
});

describe('of two pools side by side, one has a signal that fails (A3)', () => {
  it.each<[string, Signal['read'], string]>([
    ['throws', () => raise('no connection'), 'threw: no connection'],
    ['is NaN', (now) => ({ value: NaN, at: now }), 'not finite'],
    ['is infinite', (now) => ({ value: Infinity, at: now }), 'not finite'],
    ['hangs before its first value', () => null, 'no value yet'],
    [
      'hangs in a promise',
      () => new Promise(() => {}) as never,
      'threw: it returned a promise; a signal is read synchronously',
    ],
    ['has long been stale', (now) => ({ value: 1, at: now - HOUR_MS }), 'stale for 3600000 ms'],
  ])('one that %s never moves its pool nor stops the other, and the decisions say so', async (_, read, why) => {
    const ailing = await poolWith('ailing', read);
    const other = await poolWith('other', (now) => ({ value: 1, at: now }));
    const resized = vi.fn<() => void>();
    ailing.on('resized', resized);

    vi.advanceTimersByTime(HOUR_MS);
    expect(resized).not.toHaveBeenCalled();
    expect(stateOf(ailing)).toEqual(heldAt(4, 'signal load', `cannot see load: ${why}`));
    expect(stateOf(other)).toEqual(heldAt(32, 'max 32'));
    expect(await Promise.all([ailing.run('answer'), other.run('answer')])).toEqual([42, 42]);
  });

  it.each<[string, number, number]>([
    ['a grow', 1, 12],
    ['a shrink', 0, 1],
  ])(
    'one that stops telling after %s goes stale after eight ticks, and moves the pool no more',
    async (_, value, end) => {
      const started = performance.now();
      const ailing = await poolWith('ailing', () => ({ value, at: started }));
      const other = await poolWith('other', (now) => ({ value: 1, at: now }));

      vi.advanceTimersByTime(8 * 250);
      expect(ailing.snapshot().target).toBe(end);
      vi.advanceTimersByTime(HOUR_MS);
      expect(stateOf(ailing)).toEqual(heldAt(end, 'signal load', `cannot see load: stale for ${HOUR_MS + 2_000} ms`));
      // An hour of it is one decision: it pushes no other out of the log.
      expect(ailing.autoscaler!.decisions({ limit: 1 })[0]!.repeated).toBe(HOUR_MS / 250 - 1);
      expect(stateOf(other)).toEqual(heldAt(32, 'max 32'));
    },
  );

  it('one that tells again moves its pool from that tick on', async () => {
    let value = NaN;
    const ailing = await poolWith('ailing', (now) => ({ value, at: now }));
    vi.advanceTimersByTime(1_000);
    expect(stateOf(ailing)).toEqual(heldAt(4, 'signal load', 'cannot see load: not finite'));
    value = 1;
    vi.advanceTimersByTime(250);
    expect(ailing.snapshot().target).toBe(5);
  });
});

function raise(message: string): never {
  throw new Error(message);
}
