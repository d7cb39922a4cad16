import type { Pool } from '../../core/contract/pool.js';
import type { PoolOptions } from '../../core/contract/pool-options.js';
import type { LocalPool } from '../../core/pool/local-pool.js';
import type { ScalingKit } from '../../core/scaling/autoscaler.js';
import { refusal, requireObject, requireOneOf } from '../../core/validate.js';
import { createManagedPool, type PoolHost } from '../../engines/create-pool.js';
import { recordCalls, type RecordedCall } from '../inline/recorded-calls.js';
import { VirtualClock } from '../virtual-clock.js';
import { HandledWorkers } from './handled-workers.js';
import type { ManualWorkers } from './manual-workers.js';

/** A pool whose workers do nothing by themselves, under a clock that stands still. All else about it is the real thing. */
export interface ManualPool extends Pool {
  readonly workers: ManualWorkers;
  /** What it was asked for so far, in that order, refused calls included. */
  readonly calls: readonly RecordedCall[];
  readonly clock: VirtualClock;
}

/** A manual pool: the options of `createPool`, and these. */
export interface ManualPoolOptions extends Omit<PoolOptions, 'tasks' | 'kind'> {
  /** The names of its tasks. */
  tasks: readonly string[];
  /** Default: one of its own, as `pool.clock`. */
  clock?: VirtualClock;
  /** Whether workers boot at once (default), or when `workers.boot()` says so. */
  boots?: 'at-once' | 'by-hand';
}

/** As in `createManualPool` of the entry point, with what policies need from outside the core. */
export function makeManualPool(options: ManualPoolOptions, kit: ScalingKit): ManualPool {
  const given = requireObject({ option: 'the options of createManualPool' }, options) as unknown as ManualPoolOptions;
  const { tasks, clock = new VirtualClock(), boots = 'at-once', ...rest } = given;
  const { name: pool } = rest;
  requireOneOf({ pool, option: 'boots' }, boots, ['at-once', 'by-hand']);
  if (!(clock instanceof VirtualClock)) throw refusal({ pool, option: 'clock' }, clock, 'a VirtualClock');
  if (!Array.isArray(tasks) || !tasks.every((task) => typeof task === 'string')) {
    throw refusal({ pool, option: 'tasks' }, tasks, 'an array of the names of its tasks');
  }
  return openManualPool(rest, { kit, clock }, tasks, boots === 'by-hand');
}

export function openManualPool(
  options: PoolOptions,
  host: PoolHost & { readonly clock: VirtualClock },
  taskNames: readonly string[] | (() => readonly string[]),
  bootsByHand = false,
): LocalPool & ManualPool {
  const { clock } = host;
  const made: HandledWorkers[] = [];
  const pool = createManagedPool(options, {
    ...host,
    engine({ name }) {
      const workers = new HandledWorkers(name, clock, taskNames, bootsByHand);
      made.push(workers);
      return workers.engine;
    },
  });
  return Object.assign(pool, { workers: made[0]! as ManualWorkers, calls: recordCalls(pool), clock });
}
