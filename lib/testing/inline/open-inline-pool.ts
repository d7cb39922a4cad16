import { systemClock } from '../../core/clock.js';
import type { Pool } from '../../core/contract/pool.js';
import type { PoolOptions } from '../../core/contract/pool-options.js';
import type { NamedCarrier } from '../../core/named-carriers.js';
import type { LocalPool } from '../../core/pool/local-pool.js';
import { createManagedPool, type PoolHost } from '../../engines/create-pool.js';
import { surroundings } from '../../engines/context/surroundings.js';
import { InlineEngine, type InlineEngineOptions } from '../../engines/inline/inline-engine.js';
import { isolatedTask } from '../../engines/local-contexts.js';
import type { TaskHost } from '../../engines/thread/task-host.js';
import { ErrorClasses } from '../../engines/thread/wire/error-classes.js';
import { inlineWorkers, type InlineWorkers } from './inline-workers.js';
import { recordCalls, type RecordedCall } from './recorded-calls.js';

/** A pool whose tasks run on this event loop, for tests. Everything else about it is the real thing. */
export interface TestPool extends Pool {
  /** What the test may do to its workers. */
  readonly workers: InlineWorkers;
  /** What it was asked for so far, in that order, refused calls included. */
  readonly calls: readonly RecordedCall[];
}

/** What an inline pool runs. */
export type InlineCode = Pick<InlineEngineOptions, 'boot' | 'ahead' | 'runHere'> & { readonly bootMs?: number };

export function openInlinePool(options: PoolOptions, host: PoolHost, code: InlineCode): LocalPool & TestPool {
  const { clock = systemClock, errorClasses = new ErrorClasses(), reviveResult } = host;
  const engines: InlineEngine[] = [];
  const pool = createManagedPool(options, {
    ...host,
    engine(pool, { context, capture }) {
      const boot = async () => surrounded(pool.name, await code.boot(), context?.carriers() ?? []);
      const engine = new InlineEngine({ bootMs: 0, ...code, boot, pool, clock, errorClasses, reviveResult, capture });
      engines.push(engine);
      return engine;
    },
  });
  return Object.assign(pool, { workers: inlineWorkers(pool.name, engines[0]!), calls: recordCalls(pool) });
}

/** The application's own carriers put back what they captured, and stay open: they are the application's. */
function surrounded(pool: string, host: TaskHost, carriers: readonly NamedCarrier[]): TaskHost {
  if (carriers.length === 0) return host;
  const about = () => {
    const { isolated: task = '', attempt = 1, workerId = 0 } = isolatedTask() ?? {};
    return { pool, task, attempt, workerId };
  };
  return { ...host, ...surroundings(carriers, about) };
}
