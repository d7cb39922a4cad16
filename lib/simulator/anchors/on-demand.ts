import type { Decider, DecisionInput, Proposal } from '../../core/scaling/contract.js';
import { SlidingExtreme } from '../../core/scaling/guards/sliding-extreme.js';
import { rejectUnknownKeys, requireDuration } from '../../core/validate.js';

export interface OnDemandOptions {
  /** Idle time after which a worker leaves, milliseconds. Default 10,000. */
  readonly idleMs?: number;
}

/**
 * As the thread pools of Node do: a new worker whenever a task waits for which none is starting, and a worker leaves when
 * it has been idle for so long. Tasks go to the first idle worker of a list, so that the nth has been idle for as long as
 * no n workers were busy at a time. It sees that at its ticks: have it ticked often.
 * Sources: `_addNewWorker` and `idleTimeout` in piscina 5.3 and tinypool 2.2; poolifier's dynamic pools differ in when they
 * look.
 */
export function onDemand(options: OnDemandOptions = {}): Decider {
  rejectUnknownKeys('onDemand', options, ['idleMs']);
  const highest = new SlidingExtreme(
    requireDuration({ option: 'onDemand.idleMs' }, options.idleMs ?? 10_000),
    'highest',
  );
  const wanted = ({ now, snapshot: { busy, live, starting, queueDepth } }: DecisionInput): Proposal => {
    // Where tasks wait all live workers are busy, and a worker that is starting already has one of them to run.
    const used = queueDepth > 0 ? live + Math.max(starting, queueDepth) : busy + starting;
    return {
      target: highest.add(used, now),
      why: queueDepth > 0 ? `${queueDepth} tasks wait` : 'none has been idle for long enough',
    };
  };
  return { decide: wanted, onQueued: wanted };
}
