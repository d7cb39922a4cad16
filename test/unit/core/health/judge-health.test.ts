import { describe, expect, it } from 'vitest';
import { UNWATCHED } from '../../../../lib/core/health/health-watch.js';
import { judgeAutoscaler, judgeHealth } from '../../../../lib/core/health/judge-health.js';
import { verdictOf } from '../../../../lib/core/health/pool-health.js';
import type { AutoscalerHealth } from '../../../../lib/core/scaling/control-loop.js';
import { fakePool } from '../../../support/fake-pool.js';
import { autoscalerHealth, watchedPool } from '../../../support/watched-pool.js';

const UP = { status: 'up', reasons: [] };

async function withAutoscaler(part: Partial<AutoscalerHealth>, isUp = true) {
  const { pool } = await fakePool();
  const autoscaler = autoscalerHealth(part);
  const evidence = { snapshot: pool.snapshot(), autoscaler, objectiveMs: 100, history: UNWATCHED, isUp };
  return { found: judgeHealth(evidence), alone: judgeAutoscaler(autoscaler, isUp) };
}

describe('the health of a pool (U5)', () => {
  it('is up where nothing is wrong, with nothing to say', async () => {
    const { health } = await watchedPool();
    expect(health()).toEqual(UP);
    expect(Object.isFrozen(health().reasons)).toBe(true);
  });

  it.each([
    ['pause', 'paused'],
    ['drain', 'draining'],
  ] as const)('is degraded while a person has called %s()', async (method, state) => {
    const { pool, health } = await watchedPool();
    void pool[method]();
    expect(health()).toEqual({ status: 'degraded', reasons: [`the pool is ${state}`] });
    expect(health({ means: { [state]: 'up' } })).toEqual(UP);
    expect(health({ means: { [state]: 'down' } }).status).toBe('down');
    pool.resume();
    expect(health()).toEqual(UP);
  });

  it('is down when the pool is closed, whatever else there is to say', async () => {
    const { pool, findings } = await watchedPool();
    await pool.close();
    expect(findings()).toEqual([{ check: 'closed', status: 'down', reason: 'the pool is closed' }]);
  });

  it('tells what is down before what is degraded', () => {
    const degraded = { status: 'degraded', reason: 'a' } as const;
    const down = { status: 'down', reason: 'b' } as const;
    expect(verdictOf([degraded, down])).toEqual({ status: 'down', reasons: ['b', 'a'] });
    expect(verdictOf([degraded])).toEqual({ status: 'degraded', reasons: ['a'] });
    expect(verdictOf([])).toEqual(UP);
  });
});

describe('the health of an autoscaler (O3)', () => {
  it.each<[string, Partial<AutoscalerHealth>, string, string[]]>([
    ['runs', {}, 'up', []],
    ['tries again', { state: 'retrying', lastFault: 'x' }, 'degraded', ['its autoscaler failed and tries again: x']],
    ['flaps', { isFlapping: true }, 'degraded', ['it grew and shrank too often; for a minute it only grows']],
    ['has no ticks', { state: 'stopped' }, 'down', ['its autoscaler has no ticks any more']],
    ['is frozen', { state: 'frozen', lastFault: 'x' }, 'down', ['its autoscaler stands still after a fault: x']],
  ])('that %s', async (_, part, status, reasons) => {
    const { found, alone } = await withAutoscaler(part);
    expect(alone).toEqual({ status, reasons });
    expect(verdictOf(found)).toEqual(alone);
  });

  it('without ticks is as it should be before its application is up, and after', async () => {
    const { found, alone } = await withAutoscaler({ state: 'stopped' }, false);
    expect([verdictOf(found), alone]).toEqual([UP, UP]);
  });
});
