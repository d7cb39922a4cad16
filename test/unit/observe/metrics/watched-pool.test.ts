import { describe, expect, it, vi } from 'vitest';
import type { Decision } from '../../../../lib/core/scaling/contract.js';
import { PoolDirectory } from '../../../../lib/nest/pool-directory.js';
import { PoolService } from '../../../../lib/nest/pool.service.js';
import { WatchedPool } from '../../../../lib/observe/metrics/watched-pool.js';
import { fakePool } from '../../../support/fake-pool.js';
import { settleMicrotasks } from '../../../support/virtual-clock.js';

async function watched(taskLabel = false, options: Parameters<typeof fakePool>[0] = {}) {
  const fake = await fakePool({ name: 'images', ...options });
  const service = new PoolService(new PoolDirectory(new Map([['images', fake.pool]])));
  return { ...fake, service, watch: () => new WatchedPool(service, 'images', taskLabel) };
}

const decision: Decision = {
  seq: 1,
  at: 0,
  pool: 'images',
  from: 2,
  proposed: 3,
  to: 3,
  heldBy: null,
  reason: '',
  signals: {},
  repeated: 0,
  lastAt: 0,
};

describe('what the metrics of a pool are read from (O1)', () => {
  it('counts decisions by what became of them', async () => {
    const { pool, watch } = await watched();
    const metrics = watch();
    pool.announce('decision', decision);
    pool.announce('decision', { ...decision, proposed: 9, to: 4, heldBy: 'bounds' });
    pool.announce('decision', { ...decision, to: 2, heldBy: 'cooldown' });
    pool.announce('decision', { ...decision, proposed: 2, to: 2 });
    pool.announce('decision', { ...decision, proposed: 2, to: 2 });
    pool.announce('decision', { ...decision, from: 3, proposed: 2, to: 2 });
    expect(metrics.read().decisions).toEqual({ applied: 3, held: 1, unchanged: 2 });
    metrics.close();
    pool.announce('decision', decision);
    expect(metrics.read().decisions.applied).toBe(3);
  });

  it('counts workers that left by the reason', async () => {
    const { pool, engine, watch } = await watched(false, { size: { min: 1, max: 4, initial: 3 } });
    const metrics = watch();
    engine.workers[0]!.crash();
    await pool.resize(2);
    await pool.close();
    const { exits, snapshot } = metrics.read();
    expect(exits).toMatchObject({ crashed: 1, idle: 0, recycled: 0, aborted: 0 });
    expect(exits.shrunk + exits.closed + exits.crashed).toBe(engine.workers.length);
    expect(snapshot.counters.crashes).toBe(exits.crashed);
  });

  it('listens to tasks only where they are told apart', async () => {
    const seldom = await watched();
    const on = vi.spyOn(seldom.pool, 'on');
    seldom.watch();
    expect(on.mock.calls.map(([event]) => event)).toEqual(['decision', 'workerExited']);
    expect(seldom.watch().read().tasks).toBeNull();
    const often = await watched(true);
    const [onTask, off] = [vi.spyOn(often.pool, 'on'), vi.spyOn(often.pool, 'off')];
    often.watch().close();
    expect(off.mock.calls).toEqual(onTask.mock.calls);
    expect(onTask.mock.calls.map(([event]) => event)).toContain('submitted');
  });

  it('gives what was counted before it listened to the others, so that the sums are those of the pool', async () => {
    const { pool, engine, clock, watch } = await watched(true, { size: { min: 1, max: 1 } });
    const calls = [pool.run('work'), pool.run('work')];
    await settleMicrotasks();
    await clock.advance(7);
    const metrics = watch();
    expect(metrics.read().tasks).toMatchObject([{ labels: { task: 'other' }, counters: { submitted: 2 } }]);
    for (let ended = 0; ended < 2; ended++) {
      engine.alive[0]!.end();
      await settleMicrotasks();
    }
    await Promise.all(calls);
    const { tasks, histograms } = metrics.read();
    expect(tasks!.map(({ labels, counters }) => [labels['task'], counters.submitted, counters.completed])).toEqual([
      ['other', 2, 0],
      ['work', 0, 2],
    ]);
    expect(histograms.wait.count).toBe(2);
  });
});
