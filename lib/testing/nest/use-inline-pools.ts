import type { Clock } from '../../core/clock.js';
import type { TaskFn } from '../../core/contract/pool-options.js';
import { PoolConfigError } from '../../core/errors.js';
import { requireObject, rejectUnknownKeys } from '../../core/validate.js';
import { isolatedTask } from '../../engines/local-contexts.js';
import type { TaskBinding } from '../../nest/exploration.js';
import { failingAnswer } from '../../nest/items.js';
import type { PoolStage, StagedCode } from '../../nest/pool-stage.js';
import { Receiver } from '../../nest/receiver.js';
import { stubbedClass } from '../../nest/remote-stub.js';
import { asDeclared } from '../../nest/worker/bind-tasks.js';
import { requireClock } from '../inline/create-test-pool.js';
import { inlineTasks, servedBy, serving } from '../inline/inline-tasks.js';
import { openInlinePool, type InlineCode, type TestPool } from '../inline/open-inline-pool.js';
import { expectPools, passTimeOnClose, refuseInsideTasks, requireByPool, requireFunctions } from './staged-pools.js';
import { stagedPool, stagePools, type TestingBuilder, type TestingContainer } from './testing-builder.js';

/** How the pools of an application run in a test. */
export interface InlinePoolsOptions {
  /** Default: real time, intervals of @nestjs/schedule included. Under a `VirtualClock` policies tick as it advances. */
  clock?: Clock;
  /**
   * Functions by pool and task that run in place of the application's own: `{ images: { 'Images.thumbnail': fn } }`. For a
   * pool with a `tasks` module, give its whole namespace; the file is not loaded then.
   */
  tasks?: Readonly<Record<string, Readonly<Record<string, TaskFn>>>>;
}

const CALL = 'useInlinePools()';

const opened = new WeakSet<TestPool>();

/**
 * Lets all pools of an application under test run on this event loop: no thread starts, but arguments, results and errors
 * are copied as a thread would. Decorated methods run on the application's own instances, so that mocks and overridden
 * providers apply; where the caller's instance is one of a request, on that one. Returns the builder.
 * @throws PoolConfigError for wrong options.
 * @example
 * const module = await useInlinePools(Test.createTestingModule({ imports: [AppModule] })).compile();
 */
export function useInlinePools<B extends TestingBuilder>(builder: B, options: InlinePoolsOptions = {}): B {
  const given = requireObject({ option: `the options of ${CALL}` }, options);
  rejectUnknownKeys(CALL, given, ['clock', 'tasks']);
  const clock = given.clock === undefined ? null : requireClock(undefined, given.clock);
  const tasks = Object.entries(requireByPool(CALL, given.tasks)).map(
    ([pool, functions]) => [pool, requireFunctions(CALL, pool, functions)] as const,
  );
  return stagePools(builder, new InlineStage(clock, new Map(tasks)));
}

/**
 * A pool of an application under `useInlinePools()`, with what the test may do to it.
 * @throws PoolConfigError for a pool that runs otherwise.
 * @example getTestPool(module, 'images').workers.crashNext('Images.thumbnail');
 */
export function getTestPool(container: TestingContainer, name: string): TestPool {
  return stagedPool(container, name, opened, CALL);
}

class InlineStage implements PoolStage {
  /** Whose method was called, by the list of the call's arguments. */
  readonly #receivers = new WeakMap<readonly unknown[], object>();

  constructor(
    readonly clock: Clock | null,
    readonly tasks: ReadonlyMap<string, Readonly<Record<string, TaskFn>>>,
  ) {}

  expect(pools: ReadonlySet<string>): void {
    expectPools(CALL, this.tasks.keys(), pools);
  }

  replacements(pool: string): Readonly<Record<string, TaskFn>> {
    const replaced = Object.entries(this.tasks.get(pool) ?? {});
    return Object.fromEntries(replaced.map(([task, fn]) => [task, withoutReceiver(fn)]));
  }

  open: PoolStage['open'] = (options, host, code) => {
    const inline = this.#codeOf(options.name, options.tasks, code);
    const pool = openInlinePool(options, host, {
      ...inline,
      ahead: ({ args }) => {
        const self = this.#receivers.get(args);
        return self ? [new Receiver(self)] : [];
      },
    });
    opened.add(pool);
    return passTimeOnClose(refuseInsideTasks(pool), this.clock);
  };

  route: PoolStage['route'] = ({ pool, task, cls, method }, route) => {
    const isReplaced = Object.hasOwn(this.tasks.get(pool) ?? {}, task);
    return (self, args) => {
      // In a worker, decorated methods run in place.
      if (isolatedTask()) return method.original.apply(self, [...args]);
      if (stubbedClass(self) && !isReplaced) return failingAnswer(method.answer, nobodyRuns(pool, task, cls.name));
      this.#receivers.set(args, self);
      return route(self, args);
    };
  };

  #codeOf(name: string, tasks: Parameters<typeof inlineTasks>[1], { isModule, methods }: StagedCode): InlineCode {
    const replaced = this.replacements(name);
    if (isModule)
      return this.tasks.has(name) ? serving(name, new Map(Object.entries(replaced))) : inlineTasks(name, tasks);
    return servedBy(name, () => {
      const own = [...methods()].map(([binding, call]) => [binding.task, likeInThread(binding, call)] as const);
      return new Map([...own, ...Object.entries(replaced)]);
    });
  }
}

/** The method with its options: what it accepts becomes instances of its classes, what it gives moves. */
function likeInThread({ cls, method }: TaskBinding, call: TaskFn): TaskFn {
  return (...args: unknown[]) => {
    const ahead = args[0] instanceof Receiver ? 1 : 0;
    const declared = asDeclared(cls, method, (...rest) => call(...args.slice(0, ahead), ...rest));
    return declared(...args.slice(ahead));
  };
}

function nobodyRuns(pool: string, task: string, cls: string): PoolConfigError {
  return new PoolConfigError(
    `pool '${pool}': '${task}' belongs to ${cls}, of which remote(${cls}) lets only workers have an instance, and in this test there are none. Build it here: overrideProvider(${cls}).useClass(${cls}). Or give a function for it: ${CALL}, { tasks: { '${pool}': { '${task}': ... } } }.`,
    { pool },
  );
}

function withoutReceiver(fn: TaskFn): TaskFn {
  return (...args: unknown[]) => fn(...(args[0] instanceof Receiver ? args.slice(1) : args));
}
