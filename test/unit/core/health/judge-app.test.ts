import { expect, test } from 'vitest';
import { judgeLiveness, judgeReadiness, type AppPhase } from '../../../../lib/core/health/judge-app.js';
import type { HealthFinding } from '../../../../lib/core/health/finding.js';

const STARTING: AppPhase = { isReady: false, isShuttingDown: false };
const UP: AppPhase = { isReady: true, isShuttingDown: false };
const STOPPING: AppPhase = { isReady: false, isShuttingDown: true };

const nothing = new Map([['main', []]]);
const found = (check: HealthFinding['check'], status: HealthFinding['status']) =>
  new Map([['main', [{ check, status, reason: check }]]]);

test.each<[string, AppPhase, string[]]>([
  ['before the pools are up', STARTING, ['the pools are not up yet']],
  ['from the first of a shutdown on', STOPPING, ['the application is shutting down']],
])('an application is not ready %s, and alive (U5)', (_, phase, reasons) => {
  expect(judgeReadiness(phase, nothing, [])).toEqual({ status: 'down', reasons });
  expect(judgeLiveness(phase, nothing)).toEqual({ status: 'up', reasons: [] });
});

test('readiness is that of the worst pool, and of the notices about the application', () => {
  expect(judgeReadiness(UP, nothing, []).status).toBe('up');
  const notice = { status: 'degraded', reason: 'configFile pools.yaml line 3 column 5: no such key' } as const;
  expect(judgeReadiness(UP, nothing, [notice])).toEqual({ status: 'degraded', reasons: [notice.reason] });
  expect(judgeReadiness(UP, found('closed', 'down'), [notice])).toEqual({
    status: 'down',
    reasons: ["pool 'main': closed", notice.reason],
  });
});

test.each<[HealthFinding['check'], HealthFinding['status'], string]>([
  ['closed', 'down', 'down'],
  ['stalled', 'down', 'down'],
  ['stalled', 'degraded', 'up'],
  ['queue', 'degraded', 'up'],
  // A dead autoscaler leaves the pool at a size and at work: nothing that killing the process would be worth.
  ['autoscaler', 'down', 'up'],
])('%s being %s makes liveness %s', (check, status, expected) => {
  expect(judgeLiveness(UP, found(check, status)).status).toBe(expected);
  expect(judgeLiveness(STOPPING, found(check, status)).status).toBe('up');
});
