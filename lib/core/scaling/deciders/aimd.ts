import type { Decider } from '../contract.js';
import type { SpecReader } from '../spec-reader.js';
import { stay, told, valueOf } from '../wording.js';
import { band } from './threshold.js';

/**
 * Additive increase, multiplicative decrease: `increase` workers more above `up`, the share `decrease` of them fewer
 * below `down`, but at least one, so that small pools shrink too. D3; S0 B11; S1 T8. D.-M. Chiu and R. Jain, "Analysis of
 * the increase and decrease algorithms for congestion avoidance in computer networks", 1989.
 */
export interface AimdSpec {
  readonly type: 'aimd';
  readonly signal: string;
  readonly up: number;
  readonly down: number;
  /** Workers. Default 1. */
  readonly increase?: number;
  /** Share of the size, above 0 and below 1. Default 0.25, the course's. */
  readonly decrease?: number;
}

export function aimd(read: SpecReader): Decider {
  read.only(['signal', 'up', 'down', 'increase', 'decrease']);
  const signal = read.signal('signal');
  const { up, down } = band(read, 'up', 'down');
  const increase = read.workers('increase', 1);
  const decrease = read.number('decrease', { above: 0, below: 1 }, 0.25);
  return {
    needs: [signal],
    decide(input) {
      const value = valueOf(input, signal);
      const size = input.snapshot.target;
      if (value > up) return { target: size + increase, why: `${signal} is ${told(value)}, above ${told(up)}` };
      if (value < down) {
        // A quarter of three is none: without the least step of one, a small pool would never shrink.
        const cut = Math.max(1, Math.floor(size * decrease));
        return { target: size - cut, why: `${signal} is ${told(value)}, below ${told(down)}` };
      }
      return stay(input, `${signal} is ${told(value)}, between ${told(down)} and ${told(up)}`);
    },
  };
}
