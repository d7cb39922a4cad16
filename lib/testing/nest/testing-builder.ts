import { PoolConfigError } from '../../core/errors.js';
import { POOL_STAGE, type PoolStage } from '../../nest/pool-stage.js';
import { getPoolToken } from '../../nest/tokens.js';

/** A `TestingModuleBuilder` of @nestjs/testing, as far as it matters here. */
export interface TestingBuilder {
  overrideProvider(token: unknown): { useValue(value: unknown): unknown };
}

/** A `TestingModule`, or an application. */
export interface TestingContainer {
  get(token: string, options?: { strict: boolean }): unknown;
}

/** Lets the pools of the application run on a stage. */
export function stagePools<B extends TestingBuilder>(builder: B, stage: PoolStage): B {
  builder.overrideProvider(POOL_STAGE).useValue(stage);
  return builder;
}

/**
 * A pool of the application that is among `opened`.
 * @throws PoolConfigError otherwise, naming the call that opens them.
 */
export function stagedPool<P extends object>(
  container: TestingContainer,
  name: string,
  opened: WeakSet<P>,
  call: string,
): P {
  const pool = container.get(getPoolToken(name), { strict: false }) as P;
  if (opened.has(pool)) return pool;
  throw new PoolConfigError(
    `pool '${name}' was not opened by ${call}. Give ${call} the builder of the testing module, before compile(). Pools of kind 'async' stay what they are, and so does one that overrideProvider() puts in its place.`,
    { pool: name },
  );
}
