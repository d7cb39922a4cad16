import { erlangC } from '../../queueing/erlang-c.js';
import type { LoadEstimate } from './load-meter.js';

/** A queue that comes about more often than this, per second, is no surprise: once an hour. */
const SURPRISE_RATE = 1 / 3_600;
/** Nearer to saturation than this any queue is to be expected, and the next tick knows better. */
const SATURATED = 0.95;
/** The variation counts within these: the queue of regular arrivals is no shorter, and the estimate is no better than that. */
const LEAST_VARIATION = 1;
const MOST_VARIATION = 3;
/** A queue of more work than so many objectives for each server is acted on however usual it is. */
const LONG_OBJECTIVES = 3;
/** The same where arrivals come in bursts: what has begun is likely to go on. */
const LONG_OBJECTIVES_BURSTY = 0.5;

/** Whether a queue asks for workers before the next tick: for being long, or for being longer than chance explains. */
export function isAlarming(queue: number, servers: number, estimate: LoadEstimate, objectiveMs: number): boolean {
  const long = (estimate.isBursty ? LONG_OBJECTIVES_BURSTY : LONG_OBJECTIVES) * objectiveMs * servers;
  return queue * estimate.serviceMs >= long || isSurprising(queue, servers, estimate);
}

/**
 * Whether a queue this long is expected less than once an hour. In M/M/c the queue, while there is one, is geometric
 * with the ratio r = load / servers; here r = 1 - (1 - load / servers) / variation, which has the mean that the
 * correction for variation gives. A queue of Q is reached A r^(Q - 1) times a second, A = rate ErlangC (1 - r).
 */
export function isSurprising(queue: number, servers: number, { rate, load, variation }: LoadEstimate): boolean {
  if (load >= SATURATED * servers) return false;
  const spread = Math.max(LEAST_VARIATION, Math.min(MOST_VARIATION, variation));
  const ratio = 1 - (1 - load / servers) / spread;
  return rate * erlangC(servers, load) * (1 - ratio) * ratio ** (queue - 1) <= SURPRISE_RATE;
}
