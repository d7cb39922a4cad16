import type { Decider } from '../contract.js';
import type { Range, SpecReader } from '../spec-reader.js';
import { stay, told, valueOf } from '../wording.js';

/**
 * Grows by `stepUp` workers while the signal is above `up`, shrinks by `stepDown` while it is below `down`, and stays in
 * the band between (hysteresis). D1; S0 B4; S1 T3.
 */
export interface ThresholdSpec {
  readonly type: 'threshold';
  readonly signal: string;
  readonly up: number;
  /** Below `up`: with one threshold for both, a signal near it would turn the size at every tick. */
  readonly down: number;
  /** Workers. Default 1. */
  readonly stepUp?: number;
  /** Workers. Default 1. */
  readonly stepDown?: number;
}

export function threshold(read: SpecReader): Decider {
  read.only(['signal', 'up', 'down', 'stepUp', 'stepDown']);
  const signal = read.signal('signal');
  const { up, down } = band(read, 'up', 'down');
  const [stepUp, stepDown] = [read.workers('stepUp', 1), read.workers('stepDown', 1)];
  return {
    needs: [signal],
    decide(input) {
      const value = valueOf(input, signal);
      const size = input.snapshot.target;
      if (value > up) return { target: size + stepUp, why: `${signal} is ${told(value)}, above ${told(up)}` };
      if (value < down) return { target: size - stepDown, why: `${signal} is ${told(value)}, below ${told(down)}` };
      return stay(input, `${signal} is ${told(value)}, between ${told(down)} and ${told(up)}`);
    },
  };
}

/** Two thresholds with room between them. */
export function band(
  read: SpecReader,
  upKey: string,
  downKey: string,
  range: Range = {},
  fallback: Partial<Band> = {},
) {
  const up = read.number(upKey, range, fallback.up);
  const down = read.number(downKey, range, fallback.down);
  if (down < up) return { up, down };
  const why = 'without a band between the two, the size would flap about it';
  throw read.refusal(downKey, `below ${upKey}, which is ${up}: ${why}`);
}

interface Band {
  readonly up: number;
  readonly down: number;
}
