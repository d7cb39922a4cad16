import type { PoolOptions } from '../../lib/core/contract/pool-options.js';
import { LocalPool } from '../../lib/core/pool/local-pool.js';
import { resolvePoolOptions } from '../../lib/core/pool/resolve-options.js';
import { PoolAutoscaler } from '../../lib/core/scaling/autoscaler.js';
import type { ResolvedScaling } from '../../lib/core/scaling/resolve-scaling.js';
import { PoolDirectory } from '../../lib/nest/pool-directory.js';
import { PoolService } from '../../lib/nest/pool.service.js';
import { FakeEngine, type FakeEngineOptions } from './fake-engine.js';
import { settleMicrotasks, VirtualClock } from './virtual-clock.js';

/** A PoolService over fake pools that share one virtual clock, their initial workers up. */
export async function fakeService(
  pools: Readonly<Record<string, Partial<PoolOptions>>>,
  engineOptions: FakeEngineOptions = {},
) {
  const clock = new VirtualClock();
  const engines = new Map<string, FakeEngine>();
  const made = Object.entries(pools).map(([name, options]) => {
    const engine = new FakeEngine(clock, engineOptions);
    engines.set(name, engine);
    const resolved = resolvePoolOptions({ name, size: { min: 1, max: 4 }, ...options });
    const pool = new LocalPool(resolved, engine, clock);
    if (resolved.scaling) pool.attach(autoscalerOf(pool, resolved.scaling, clock));
    return [name, pool] as const;
  });
  const directory = new PoolDirectory(new Map(made));
  for (const [, pool] of made) pool.start();
  await settleMicrotasks();
  return { service: new PoolService(directory), pools: new Map(made), engines, clock };
}

function autoscalerOf(pool: LocalPool, scaling: ResolvedScaling, clock: VirtualClock): PoolAutoscaler {
  return new PoolAutoscaler(pool.name, pool, scaling, {
    kit: {},
    clock,
    events: {
      decision: (decision) => pool.announce('decision', decision),
      flapping: (flapping) => pool.announce('flapping', flapping),
      fault: (fault) => void process.emitWarning(fault),
    },
  });
}
