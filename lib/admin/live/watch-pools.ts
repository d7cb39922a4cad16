import type { AdminEventMap } from '../../core/contract/operation.js';
import type { PoolEventListener, PoolEventName } from '../../core/contract/events.js';
import type { PoolService } from '../../nest/pool.service.js';

/** Events that clients are told one by one. */
export type ToldEvent = 'decision' | 'resized' | 'worker';

export interface PoolWatcher {
  told<E extends ToldEvent>(event: E, data: AdminEventMap[E]): void;
  /** The state, the target or the override of a pool is another one. */
  changed(pool: string): void;
}

/**
 * Listens to what happens to pools, never to what happens to their tasks: that would cost each call. Returns how to stop.
 */
export function watchPools(pools: PoolService, watcher: PoolWatcher): () => void {
  const endings = pools.pools().flatMap((name) => watchPool(pools, name, watcher));
  endings.push(pools.onSteered((name) => watcher.changed(name)));
  return () => {
    for (const end of endings) end();
  };
}

function watchPool(pools: PoolService, name: string, watcher: PoolWatcher): (() => void)[] {
  const pool = pools.get(name);
  const on = <E extends PoolEventName>(event: E, listener: PoolEventListener<E>) => {
    pool.on(event, listener);
    return () => void pool.off(event, listener);
  };
  const head = () => ({ v: 1, pool: name, at: Date.now() }) as const;
  const changed = () => watcher.changed(name);
  return [
    on('decision', (decision) => watcher.told('decision', { v: 1, ...decision })),
    on('resized', ({ from, to, reason }) => {
      watcher.told('resized', { ...head(), from, to, reason });
      changed();
    }),
    on('workerStarted', ({ workerId, threadId, bootMs }) =>
      watcher.told('worker', { ...head(), change: 'started', workerId, threadId, bootMs }),
    ),
    // Its error stays here: a message may tell what is nobody's business.
    on('workerExited', ({ workerId, reason }) =>
      watcher.told('worker', { ...head(), change: 'exited', workerId, reason }),
    ),
    on('paused', changed),
    on('resumed', changed),
    on('drained', changed),
    on('closed', changed),
  ];
}
