import type { Decider, DecisionInput, PoolReading, Proposal } from '../contract.js';
import { leastServers } from '../queueing/erlang-c.js';
import type { SpecReader } from '../spec-reader.js';
import { serversOf, workersFor } from '../servers.js';
import { percent, told } from '../wording.js';
import { LOAD_SIGNAL_KEYS, offeredLoad, type LoadSignals, type OfferedLoad } from './offered-load.js';

/**
 * The least workers with which no more than `late` of the tasks wait longer than the objective, as queueing theory has
 * it for the load of this moment (M/M/c, corrected for the variation of service times). A queue that is already longer
 * than the objective allows is worked off within one more. D5; S4 Q31.
 */
export interface QueueingSpec extends LoadSignals {
  readonly type: 'queueing';
  /** Default: the policy's. */
  readonly objectiveMs?: number;
  /** Share of tasks, above 0 and below 1. Default 0.01: the objective is for the 99th percentile. */
  readonly late?: number;
}

export function queueing(read: SpecReader): Decider {
  read.only(['objectiveMs', 'late', ...LOAD_SIGNAL_KEYS]);
  const objectiveMs = read.durationMs('objectiveMs', read.objectiveMs);
  const late = read.number('late', { above: 0, below: 1 }, 0.01);
  const signals = offeredLoad(read);
  let last: OfferedLoad | null = null;
  return {
    needs: signals.needs,
    decide(input) {
      const offered = signals.of(input);
      last = offered;
      const backlog = backlogProposal(input, offered, objectiveMs);
      const target = objectiveSize(offered, objectiveMs, late, input.snapshot);
      if (backlog !== null && backlog.target > target) return backlog;
      const load = told(offered.load / serversOf(1, input.snapshot));
      const why = `with a load of ${load} workers this keeps those that wait over ${told(objectiveMs)} ms to ${percent(late)}`;
      return { target, why };
    },
    // Between two ticks it is the queue that changes; the load is that of the last tick.
    onQueued: (input) => (last === null ? null : backlogProposal(input, last, objectiveMs)),
  };
}

/** The least workers that meet the objective; one where there is no load. */
export function objectiveSize(offered: OfferedLoad, objectiveMs: number, late: number, pool: PoolReading): number {
  const { load, serviceMs, variation } = offered;
  if (load === 0) return 1;
  return workersFor(leastServers(load, late, objectiveMs / serviceMs, variation, serversOf(pool.max, pool)), pool);
}

/** Where the queue takes longer than the objective to clear, the workers that clear it within one objective. */
function backlogProposal({ snapshot }: DecisionInput, offered: OfferedLoad, objectiveMs: number): Proposal | null {
  const work = snapshot.queueDepth * offered.serviceMs;
  if (work < objectiveMs * serversOf(snapshot.target, snapshot)) return null;
  const target = workersFor(offered.load + work / objectiveMs, snapshot);
  return target <= snapshot.target
    ? null
    : { target, why: `${snapshot.queueDepth} tasks wait, more than ${snapshot.target} workers clear in time` };
}
