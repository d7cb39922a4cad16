import type { Decider } from '../contract.js';
import { SIGNALS } from '../well-known-signals.js';
import type { SpecReader } from '../spec-reader.js';
import { serversOf } from '../servers.js';
import { wholeWorkers } from '../whole-workers.js';
import { percent, stay, told, valueOf } from '../wording.js';

/**
 * As many workers as keep the share of busy ones at `utilization`: by Little's law, arrival rate x mean service time are
 * busy on average. One that may run several tasks at the same time counts as that part of it which runs some. D5; S4 Q15, Q31. J. D. C. Little, "A proof for the queuing formula L = λW", 1961.
 */
export interface TargetTrackingSpec {
  readonly type: 'target-tracking';
  /** Above 0 and below 1. Default 0.7: waits grow steeply from there (S4 Q31). */
  readonly utilization?: number;
  /** Share by which the size may be off before it is changed. Default 0.1, as in Kubernetes' HorizontalPodAutoscaler. */
  readonly tolerance?: number;
  /** Signal in tasks per second. Default `arrivalRate`. */
  readonly arrivalRate?: string;
  /** Signal in milliseconds. Default `serviceMean`. */
  readonly serviceMean?: string;
}

export function targetTracking(read: SpecReader): Decider {
  read.only(['utilization', 'tolerance', 'arrivalRate', 'serviceMean']);
  const utilization = read.number('utilization', { above: 0, below: 1 }, 0.7);
  const tolerance = read.number('tolerance', { from: 0, below: 1 }, 0.1);
  const rate = read.signal('arrivalRate', SIGNALS.arrivalRate);
  const service = read.signal('serviceMean', SIGNALS.serviceMean);
  return {
    needs: [rate, service],
    decide(input) {
      const running = (valueOf(input, rate) * valueOf(input, service)) / 1_000;
      const busy = running / serversOf(1, input.snapshot);
      const exact = busy / utilization;
      const why = `the load keeps ${told(busy)} workers busy, and ${percent(utilization)} of them shall be`;
      const size = input.snapshot.target;
      if (Math.abs(exact - size) <= tolerance * size) return stay(input, why);
      return { target: wholeWorkers(exact), why };
    },
  };
}
