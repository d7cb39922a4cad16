import type { PoolOptions } from '../../lib/core/contract/pool-options.js';
import type { HealthOptions } from '../../lib/core/health/health-options.js';
import { HealthWatch } from '../../lib/core/health/health-watch.js';
import { judgeHealth } from '../../lib/core/health/judge-health.js';
import { verdictOf, type HealthVerdict } from '../../lib/core/health/pool-health.js';
import type { AutoscalerHealth } from '../../lib/core/scaling/control-loop.js';
import type { FakeEngineOptions } from './fake-engine.js';
import { unstartedFakePool } from './fake-pool.js';
import { settleMicrotasks } from './virtual-clock.js';

/** An autoscaler that is well, but for what is given. */
export function autoscalerHealth(part: Partial<AutoscalerHealth> = {}): AutoscalerHealth {
  return { state: 'running', faults: 0, lastFault: null, lastTickAt: 0, isFlapping: false, ...part };
}

/** A pool over the fake engine under a virtual clock, watched from its birth; `health` judges it at this instant. */
export async function watchedPool(options: Partial<PoolOptions> = {}, engineOptions: FakeEngineOptions = {}) {
  const fake = unstartedFakePool(options, engineOptions);
  const watch = new HealthWatch(fake.pool, fake.clock);
  fake.pool.start();
  await settleMicrotasks();
  const findings = (checks: HealthOptions = {}, objectiveMs: number | null = 100) =>
    judgeHealth(
      {
        snapshot: fake.pool.snapshot(),
        autoscaler: autoscalerHealth(),
        objectiveMs,
        history: watch.read(),
        isUp: true,
      },
      checks,
    );
  const health = (checks?: HealthOptions, objectiveMs?: number | null): HealthVerdict =>
    verdictOf(findings(checks, objectiveMs));
  return { ...fake, watch, findings, health };
}
