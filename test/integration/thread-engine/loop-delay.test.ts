import { describe, expect, it, vi } from 'vitest';
import type { Decision } from '../../../lib/core/scaling/contract.js';
import type { Pool, Policy } from '../../../lib/entries/core.js';
import { threadPool } from './thread-pool.js';

const PATIENT = { timeout: 10_000, interval: 5 };

function loopDelay(pool: Pool): number {
  return pool.snapshot().workers[0]!.loopDelayMs;
}

describe('the event-loop delay of a worker', () => {
  it('is told while a task holds the loop up, for a while after, and no longer', async () => {
    const pool = threadPool('basics', { size: { max: 1 } });
    await pool.ready();
    const spinning = pool.run('spin', [300]);
    await vi.waitFor(() => expect(loopDelay(pool)).toBeGreaterThan(150), PATIENT);
    expect(pool.snapshot().counters.completed).toBe(0);
    await spinning;
    expect(loopDelay(pool)).toBeGreaterThan(250);
    await vi.waitFor(() => expect(loopDelay(pool)).toBe(0.001), PATIENT);
  });

  it('is of each worker by itself', async () => {
    const pool = threadPool('basics', { size: { min: 2, max: 2 }, abortGraceMs: 10 });
    await pool.ready();
    void pool.run('forever').catch(() => undefined);
    const delays = () => pool.snapshot().workers.map(({ loopDelayMs }) => loopDelayMs);
    await vi.waitFor(() => expect(Math.max(...delays())).toBeGreaterThan(400), PATIENT);
    expect(Math.min(...delays())).toBeLessThan(Math.max(...delays()) / 2);
  });

  it.each([
    ['that interleaves tasks', { concurrency: 4 }],
    ['that parks', { parking: true }],
  ])('is told of a worker %s', async (_, worker) => {
    const pool = threadPool('basics', { size: { max: 1 }, worker });
    await pool.ready();
    await pool.run('spin', [300]);
    expect(loopDelay(pool)).toBeGreaterThan(250);
  });

  it('is not held up by a task that awaits', async () => {
    const pool = threadPool('basics', { size: { max: 1 } });
    await pool.ready();
    const sleeping = pool.run('sleep', [300]);
    // Half a second of quiet is soon found even where other processes compete for the cores.
    const delays: number[] = [];
    await vi.waitFor(() => {
      delays.push(loopDelay(pool));
      expect(delays.at(-1)).toBeGreaterThan(0);
    }, PATIENT);
    await sleeping;
    expect(Math.min(...delays)).toBeLessThan(150);
  });
});

/** Grows where the signal is above a bound, shrinks where it is below. */
function byRules(type: 'loop-delay' | 'loop-utilization', above: number, below: number): Policy {
  return {
    signals: { loop: { type } },
    decider: {
      type: 'rules',
      rules: [
        { name: 'held up', when: { loop: { above } }, do: { size: 2 } },
        { name: 'free', when: { loop: { below } }, do: { size: 1 } },
      ],
    },
  };
}

describe('a policy that goes by the event loops of the threads (S5)', () => {
  it.each([
    ['loop-delay', 200, 100],
    ['loop-utilization', 0.4, 0.2],
  ] as const)('by %s grows while a task holds one up, and shrinks when it is done', async (type, above, below) => {
    const policy = byRules(type, above, below);
    const pool = threadPool('control', { size: { max: 2 }, scaling: { policy, tickMs: 50 }, abortGraceMs: 60_000 });
    const resizes: Decision[] = [];
    pool.on('decision', (decision) => void (decision.from !== decision.to && resizes.push(decision)));
    const untilQuiet = () =>
      vi.waitFor(() => {
        const { target, workers } = pool.snapshot();
        expect([target, workers.length]).toEqual([1, 1]);
        expect(workers[0]!.elu).toBeLessThan(0.2);
        expect(workers[0]!.loopDelayMs).toBe(0.001);
      }, PATIENT);
    await pool.ready();
    await untilQuiet();
    // Booting may have looked like work.
    resizes.length = 0;
    const controller = new AbortController();
    const call = pool.run('loopUntilAborted', [new SharedArrayBuffer(8), controller.signal]).catch(() => undefined);
    await vi.waitFor(() => expect(pool.snapshot().target).toBe(2), PATIENT);
    controller.abort();
    await call;
    await untilQuiet();
    // The worker that comes for the second place boots, which may look like work once more.
    expect(resizes[0]).toMatchObject({ from: 1, to: 2, reason: expect.stringMatching(/^held up: loop is .*, above/) });
    expect(resizes.at(-1)).toMatchObject({ from: 2, to: 1, reason: expect.stringMatching(/^free: loop is .*, below/) });
    expect(resizes[0]!.signals.loop).toBeGreaterThan(above);
  });
});
