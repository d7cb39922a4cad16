import type { OptionChange } from '../contract/events.js';
import type { PoolOptions } from '../contract/pool-options.js';
import { PoolConfigError } from '../errors.js';
import type { Autoscaler, PreparedScaling } from '../scaling/autoscaler.js';
import type { ResolvedScaling } from '../scaling/resolve-scaling.js';
import { changedOptions, hotOptions } from './changed-options.js';
import { defaultSettings, type CallDesk } from './checked-call.js';
import type { Dispatcher } from './dispatcher.js';
import type { EventHub } from './event-hub.js';
import type { PreparedChange } from './managed-pool.js';
import type { PoolPhase } from './pool-phase.js';
import type { PoolSize } from './pool-size.js';
import { resolvePoolOptions, type ResolvedPoolOptions } from './resolve-options.js';

/** An autoscaler that lives with its pool, and may be given another policy. */
export type StartableAutoscaler = Autoscaler & { start(): void; prepare(scaling: ResolvedScaling): PreparedScaling };

/** What new options reach. */
export interface ChangeParts {
  /** Of the pool; read by all its parts. */
  readonly options: ResolvedPoolOptions;
  readonly desk: CallDesk;
  readonly phase: PoolPhase;
  readonly size: PoolSize;
  readonly dispatcher: Dispatcher;
  readonly events: EventHub;
  readonly autoscaler: StartableAutoscaler | null;
}

/** See {@link ManagedPool.prepare}. */
export function prepareChange(parts: ChangeParts, options: PoolOptions): PreparedChange {
  const next = resolvePoolOptions(options);
  const scaling = prepareScaling(parts, next);
  const changes = changedOptions(parts.options, next);
  return {
    changes,
    bounds: { min: next.min, max: next.max },
    apply: (source, also = []) => {
      Object.assign(parts.options, hotOptions(next));
      scaling?.apply();
      parts.desk.defaults = defaultSettings(parts.options);
      return parts.phase.isClosing ? changes : reconfigure(parts, next.initial, changes, also, source);
    },
    discard: () => scaling?.discard(),
  };
}

function prepareScaling({ autoscaler }: ChangeParts, { name, scaling }: ResolvedPoolOptions): PreparedScaling | null {
  if ((scaling === null) === (autoscaler === null)) return scaling && autoscaler!.prepare(scaling);
  const present = autoscaler ? 'has an autoscaler' : 'was made with scaling: false';
  throw new PoolConfigError(
    `pool '${name}': scaling cannot be switched ${scaling ? 'on' : 'off'} while it runs; the pool ${present}. Change it in code, and restart.`,
    { pool: name, option: 'scaling' },
  );
}

function reconfigure(
  { size, dispatcher, events }: ChangeParts,
  initial: number,
  changes: readonly OptionChange[],
  also: readonly OptionChange[],
  source: string,
): readonly OptionChange[] {
  const own = [...changes, ...size.moveIntoBounds(initial, source)];
  dispatcher.reconfigured();
  const all = [...own, ...also];
  if (all.length > 0) events.emit('reconfigured', { changes: Object.freeze(all), source });
  return own;
}
