import type { EngineTask } from '../../../../../lib/core/engine.js';
import type { FakeEngine } from '../../../../support/fake-engine.js';
import { settleMicrotasks } from '../../../../support/virtual-clock.js';

/** Numbers from 0, and what became of whoever gave them. */
export class Numbers {
  pulled = 0;
  returns = 0;

  constructor(
    readonly count: number = Infinity,
    readonly error: Error | null = null,
  ) {}

  *sync(): Generator<number> {
    try {
      for (; this.pulled < this.count;) yield this.pulled++;
      if (this.error) throw this.error;
    } finally {
      this.returns++;
    }
  }

  /** The same, each in a later turn. */
  async *async(): AsyncGenerator<number> {
    for (const number of this.sync()) {
      await settleMicrotasks();
      yield number;
    }
  }
}

/** What runs, by the item. */
export function runningItems(engine: FakeEngine): unknown[] {
  return engine.running.flatMap((worker) => worker.started.map((task) => task.args[0])).sort();
}

/** Ends what runs, or the tasks of some items: each with ten times its item. */
export async function endRunning(engine: FakeEngine, items: readonly unknown[] = runningItems(engine)): Promise<void> {
  for (const worker of engine.running) {
    for (const task of worker.started.filter(({ args }) => items.includes(args[0]))) {
      worker.end(valueOf(task), true, [task]);
    }
  }
  await settleMicrotasks();
}

/** Lets the task of one item fail. */
export async function failItem(engine: FakeEngine, item: unknown, error: unknown): Promise<void> {
  for (const worker of engine.running) {
    for (const task of worker.started.filter(({ args }) => args[0] === item)) worker.end(error, false, [task]);
  }
  await settleMicrotasks();
}

function valueOf({ args }: EngineTask): number {
  return Number(args[0]) * 10;
}

/** The iterator of something that is read by hand. */
export function reader<R>(results: AsyncIterable<R>): Required<AsyncIterator<R, undefined>> {
  return results[Symbol.asyncIterator]() as Required<AsyncIterator<R, undefined>>;
}
