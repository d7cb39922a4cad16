import type { Decider, DecisionInput } from '../contract.js';
import type { SpecReader } from '../spec-reader.js';
import { told, valueOf } from '../wording.js';
import { Pid } from './pid.js';

/**
 * Holds a signal at a set-point: the controller's output, rounded, is the number of workers to add or to take away at
 * this tick. An output under half a worker moves nothing. D4; S1 T16.
 */
export interface PidSpec {
  readonly type: 'pid';
  /** One that rises when workers are short. */
  readonly signal: string;
  readonly setpoint: number;
  /** Workers per unit of the signal. Default 10, where the course begins; it suits signals from 0 to 1. */
  readonly kp?: number;
  /** Workers per unit and second. Default 0.5, the course's. */
  readonly ki?: number;
  /** Workers per unit a second. Default 1, the course's. */
  readonly kd?: number;
  /** The most workers that the integral adds or takes away at a tick. Default 2: enough to move, too few to overshoot by. */
  readonly integralLimit?: number;
  /** Time constant of the derivative's low-pass. Default 2,000 ms, four of the course's ticks. */
  readonly derivativeMs?: number;
}

export function pid(read: SpecReader): Decider {
  read.only(['signal', 'setpoint', 'kp', 'ki', 'kd', 'integralLimit', 'derivativeMs']);
  const signal = read.signal('signal');
  const setpoint = read.number('setpoint');
  const [kp, ki, kd] = [gain(read, 'kp', 10), gain(read, 'ki', 0.5), gain(read, 'kd', 1)];
  if (kp + ki + kd === 0) throw read.refusal('kp', 'above 0 where ki and kd are 0: nothing would ever move');
  const controller = new Pid({
    ...{ setpoint, kp, ki, kd },
    integralLimit: read.number('integralLimit', { above: 0 }, 2),
    derivativeMs: read.durationMs('derivativeMs', 2_000),
  });
  let proposed: number | null = null;
  return {
    needs: [signal],
    decide(input) {
      const value = valueOf(input, signal);
      const size = input.snapshot.target;
      const output = Math.round(controller.step(value, input.now, saturation(input, value - setpoint, proposed)));
      // `+ 0` turns -0 into 0.
      proposed = size + output + 0;
      const side = value > setpoint ? 'above' : value < setpoint ? 'below' : 'at';
      return { target: proposed, why: `${signal} is ${told(value)}, ${side} its set-point of ${told(setpoint)}` };
    },
  };
}

/**
 * The direction in which the pool cannot follow: it stands at a bound, or what was proposed last was held by a guard.
 * Both wind the integral up alike.
 */
function saturation({ snapshot }: DecisionInput, error: number, proposed: number | null): -1 | 0 | 1 {
  const { target, min, max } = snapshot;
  if (error > 0 && (target >= max || (proposed !== null && proposed > target))) return 1;
  if (error < 0 && (target <= min || (proposed !== null && proposed < target))) return -1;
  return 0;
}

function gain(read: SpecReader, key: string, fallback: number): number {
  return read.number(key, { from: 0 }, fallback);
}
