import type { Decider } from '../contract.js';
import { cheapestServers } from '../queueing/erlang-c.js';
import { serversOf } from '../servers.js';
import type { SpecReader } from '../spec-reader.js';
import { percent, told } from '../wording.js';
import { LOAD_SIGNAL_KEYS, offeredLoad, type LoadSignals } from './offered-load.js';
import { objectiveSize } from './queueing.js';

/**
 * The size at which workers and waiting together cost least: one more is worth its cost as long as it saves more in
 * waiting. The objective is kept whatever the weights say, unless it is switched off. D8; S4 Q35.
 */
export interface CostAwareSpec extends LoadSignals {
  readonly type: 'cost-aware';
  /** What an hour of one worker costs, in any unit. */
  readonly workerCost: number;
  /** What an hour of one task's waiting costs, in the same unit. */
  readonly waitCost: number;
  /** Default: the policy's; `false`: the weights alone decide. */
  readonly objectiveMs?: number | false;
  /** Share of tasks that may wait longer than the objective, above 0 and below 1. Default 0.01. */
  readonly late?: number;
}

export function costAware(read: SpecReader): Decider {
  read.only(['workerCost', 'waitCost', 'objectiveMs', 'late', ...LOAD_SIGNAL_KEYS]);
  const workerCost = read.number('workerCost', { above: 0 });
  const waitCost = read.number('waitCost', { above: 0 });
  const objectiveMs = read.raw('objectiveMs') === false ? null : read.durationMs('objectiveMs', read.objectiveMs);
  const late = read.number('late', { above: 0, below: 1 }, 0.01);
  const load = offeredLoad(read);
  return {
    needs: load.needs,
    decide(input) {
      const offered = load.of(input);
      const { snapshot } = input;
      const [each, most] = [serversOf(1, snapshot), serversOf(snapshot.max, snapshot)];
      const cheapest = cheapestServers(offered.load, workerCost / waitCost, offered.variation, most, each) / each;
      const least = objectiveMs === null ? 1 : objectiveSize(offered, objectiveMs, late, snapshot);
      if (least > cheapest) {
        const promise = `at most ${percent(late)} may wait over ${told(objectiveMs ?? 0)} ms`;
        return { target: least, why: `${promise}, although ${cheapest} would cost least` };
      }
      return { target: cheapest, why: 'one more worker would cost more than the waiting that it saves' };
    },
  };
}
