import type { DecisionInput } from '../contract.js';
import { variationOf } from '../queueing/erlang-c.js';
import { SIGNALS } from '../well-known-signals.js';
import type { SpecReader } from '../spec-reader.js';
import { valueOf } from '../wording.js';

/** Names of the signals from which deciders by queueing theory know the load. */
export interface LoadSignals {
  /** Signal in tasks per second. Default `arrivalRate`. */
  readonly arrivalRate?: string;
  /** Signal in milliseconds. Default `serviceMean`. */
  readonly serviceMean?: string;
  /** Squared coefficient of variation of the service times. Default `serviceScv`; where it has no value, 1. */
  readonly serviceScv?: string;
}

export const LOAD_SIGNAL_KEYS = ['arrivalRate', 'serviceMean', 'serviceScv'] as const;

/** `load` in erlangs: tasks that run at the same time on average. */
export interface OfferedLoad {
  readonly load: number;
  readonly serviceMs: number;
  readonly variation: number;
}

/** Service times that vary more than this are taken to vary so: a few stragglers in a short window say no more. */
export const MOST_SERVICE_CV2 = 8;

export function offeredLoad(read: SpecReader): { needs: readonly string[]; of(input: DecisionInput): OfferedLoad } {
  const rate = read.signal('arrivalRate', SIGNALS.arrivalRate);
  const service = read.signal('serviceMean', SIGNALS.serviceMean);
  const isNamed = read.has('serviceScv');
  const spread = isNamed ? read.signal('serviceScv') : SIGNALS.serviceScv;
  return {
    needs: isNamed ? [rate, service, spread] : [rate, service],
    of(input) {
      const serviceMs = Math.max(0, valueOf(input, service));
      const cv2 = Math.max(0, Math.min(MOST_SERVICE_CV2, input.signals[spread] ?? 1));
      const load = (Math.max(0, valueOf(input, rate)) * serviceMs) / 1_000;
      return { load, serviceMs, variation: variationOf(cv2) };
    },
  };
}
