import type { Decider, DecisionInput, Proposal } from '../contract.js';
import { leastServers } from '../queueing/erlang-c.js';
import type { SpecReader } from '../spec-reader.js';
import { wholeWorkers } from '../whole-workers.js';
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
  const load = offeredLoad(read);
  let last: OfferedLoad | null = null;
  return {
    needs: load.needs,
    decide(input) {
      const offered = load.of(input);
      last = offered;
      const backlog = backlogProposal(input, offered, objectiveMs);
      const target = objectiveSize(offered, objectiveMs, late, input.snapshot.max);
      if (backlog !== null && backlog.target > target) return backlog;
      const why = `with a load of ${told(offered.load)} workers this keeps those that wait over ${told(objectiveMs)} ms to ${percent(late)}`;
      return { target, why };
    },
    // Between two ticks it is the queue that changes; the load is that of the last tick.
    onQueued: (input) => (last === null ? null : backlogProposal(input, last, objectiveMs)),
  };
}

/** The least workers that meet the objective; one where there is no load. */
export function objectiveSize(offered: OfferedLoad, objectiveMs: number, late: number, most: number): number {
  const { load, serviceMs, variation } = offered;
  return load === 0 ? 1 : leastServers(load, late, objectiveMs / serviceMs, variation, most);
}

/** Where the queue takes longer than the objective to clear, the workers that clear it within one objective. */
function backlogProposal({ snapshot }: DecisionInput, offered: OfferedLoad, objectiveMs: number): Proposal | null {
  const work = snapshot.queueDepth * offered.serviceMs;
  if (work < objectiveMs * snapshot.target) return null;
  const target = wholeWorkers(offered.load + work / objectiveMs);
  return target <= snapshot.target
    ? null
    : { target, why: `${snapshot.queueDepth} tasks wait, more than ${snapshot.target} workers clear in time` };
}
