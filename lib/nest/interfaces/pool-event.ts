import type { PoolEventMap, PoolEventName } from '../../core/contract/events.js';

/** An event of a pool with its payload; `event` tells the payload's type. `at` is milliseconds since the epoch. */
export type PoolEvent<E extends PoolEventName = PoolEventName> = {
  [Name in E]: { readonly pool: string; readonly event: Name; readonly at: number } & PoolEventMap[Name];
}[E];
