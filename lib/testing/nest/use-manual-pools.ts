import { refusal, rejectUnknownKeys, requireObject } from '../../core/validate.js';
import type { PoolStage } from '../../nest/pool-stage.js';
import { openManualPool, type ManualPool } from '../manual/create-manual-pool.js';
import { VirtualClock } from '../virtual-clock.js';
import { expectPools, nothingToRun, passTimeOnClose, requireByPool } from './staged-pools.js';
import { stagedPool, stagePools, type TestingBuilder, type TestingContainer } from './testing-builder.js';

/** How the pools of an application wait for a test. */
export interface ManualPoolsOptions {
  /** The time of all pools. Default: one of their own, as `getManualPool(...).clock`. */
  clock?: VirtualClock;
  /** The names of the tasks of pools that have a `tasks` module; those of decorated methods are known. */
  tasks?: Readonly<Record<string, readonly string[]>>;
}

const CALL = 'useManualPools()';

const opened = new WeakSet<ManualPool>();

/**
 * Gives all pools of an application under test workers that do nothing by themselves: the test ends each task, and time
 * passes when it says so. Nothing is copied. Returns the builder.
 * @throws PoolConfigError for wrong options.
 * @example
 * const module = await useManualPools(Test.createTestingModule({ imports: [AppModule] })).compile();
 * (await getManualPool(module, 'images').workers.next()).fail(new Error('no memory'));
 */
export function useManualPools<B extends TestingBuilder>(builder: B, options: ManualPoolsOptions = {}): B {
  const given = requireObject({ option: `the options of ${CALL}` }, options);
  rejectUnknownKeys(CALL, given, ['clock', 'tasks']);
  const { clock = new VirtualClock() } = given;
  if (!(clock instanceof VirtualClock)) throw refusal({ option: `${CALL}: clock` }, clock, 'a VirtualClock');
  const tasks = Object.entries(requireByPool(CALL, given.tasks)).map(
    ([pool, names]) => [pool, requireNames(pool, names)] as const,
  );
  return stagePools(builder, new ManualStage(clock, new Map(tasks)));
}

/**
 * A pool of an application under `useManualPools()`, with what the test may do to it.
 * @throws PoolConfigError for a pool that runs otherwise.
 */
export function getManualPool(container: TestingContainer, name: string): ManualPool {
  return stagedPool(container, name, opened, CALL);
}

class ManualStage implements PoolStage {
  constructor(
    readonly clock: VirtualClock,
    readonly tasks: ReadonlyMap<string, readonly string[]>,
  ) {}

  expect(pools: ReadonlySet<string>): void {
    expectPools(CALL, this.tasks.keys(), pools);
  }

  replacements(): Record<string, never> {
    return {};
  }

  open: PoolStage['open'] = (options, host, { isModule, methods }) => {
    const { name } = options;
    const named = this.tasks.get(name);
    if (isModule && !named) throw nothingToRun(CALL, name);
    const names = () => [...(named ?? []), ...[...methods().keys()].map(({ task }) => task)];
    const pool = openManualPool(options, { ...host, clock: this.clock }, names);
    opened.add(pool);
    return passTimeOnClose(pool, this.clock);
  };

  route: PoolStage['route'] = (_binding, route) => route;
}

function requireNames(pool: string, names: unknown): readonly string[] {
  if (Array.isArray(names) && names.every((name) => typeof name === 'string')) return names as string[];
  throw refusal({ pool, option: `${CALL}: tasks.${pool}` }, names, 'an array of the names of its tasks');
}
