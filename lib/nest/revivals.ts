import type { Reviver } from '../core/revival/revive.js';
import { argumentsReviver, resultReviver } from './declared-revival.js';
import type { Exploration } from './exploration.js';

/** What becomes an instance again in an application, by pool and task. */
export class Revivals {
  readonly #results = new Map<string, Map<string, Reviver>>();

  /** @throws PoolConfigError for options that ask for what cannot be. */
  constructor(exploration: Exploration) {
    for (const { pool, task, cls, method } of [...exploration.values()].flat()) {
      argumentsReviver(cls, method);
      const reviver = resultReviver(cls, method);
      if (!reviver) continue;
      const ofPool = this.#results.get(pool) ?? new Map<string, Reviver>();
      this.#results.set(pool, ofPool.set(task, reviver));
    }
  }

  /** A result, or an item of one, as its method declares it. */
  result(pool: string, task: string, value: unknown): unknown {
    const reviver = this.#results.get(pool)?.get(task);
    return reviver ? reviver(value) : value;
  }
}
