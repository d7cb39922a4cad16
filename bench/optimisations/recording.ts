import { Ewma } from '../../lib/core/stats/ewma.js';
import { SlidingDurations } from '../../lib/core/stats/sliding-durations.js';
import { retainedBytes } from '../heap.js';
import { median } from '../statistics.js';
import { MovingAverage, RingOfSamples } from './as-usual.js';
import { compare, type Case } from './case.js';

const TIMES = 1_000_000;
const READS = 2_000;
const durations = Float64Array.from({ length: 4_096 }, (_, i) => -Math.log((i + 1) / 4_097));

export const quantiles: Case = {
  id: 'O3',
  about: 'p99 by sorting 1,000 samples, or from a histogram',
  measure(rounds) {
    const [ring, histogram] = [new RingOfSamples(), new SlidingDurations(10_000)];
    for (let i = 0; i < 10_000; i++) {
      ring.record(at(i));
      histogram.record(i, at(i));
    }
    return [
      ...compare(rounds, READS, {
        'read p99: copy and sort': (times) => {
          let sum = 0;
          for (let i = 0; i < times; i++) sum += ring.p99();
          return sum;
        },
        'read mean, p50, p99 and maximum of 10 slices': (times) => {
          let sum = 0;
          for (let i = 0; i < times; i++) sum += histogram.read(10_000).p99;
          return sum;
        },
      }),
      ...compare(rounds, TIMES, {
        'record into a ring of samples': (times) => {
          const samples = new RingOfSamples();
          for (let i = 0; i < times; i++) samples.record(at(i));
          return samples.p99();
        },
        'record into the histogram': (times) => recordOneIn(1, times),
      }),
    ];
  },
};

export const sampling: Case = {
  id: 'O4',
  about: 'recording every task, or one in n',
  measure: (rounds) =>
    compare(rounds, TIMES, {
      'every task': (times) => recordOneIn(1, times),
      'one in 16': (times) => recordOneIn(16, times),
      'one in 100': (times) => recordOneIn(100, times),
      'a look at the clock': (times) => {
        let sum = 0;
        for (let i = 0; i < times; i++) sum += performance.now();
        return sum;
      },
    }),
};

export const averages: Case = {
  id: 'O5',
  about: 'the mean of the last 20, or an exponentially weighted one',
  async measure(rounds) {
    const means = 10_000;
    return [
      ...compare(rounds, TIMES, {
        'add to the last 20': (times) => {
          const mean = new MovingAverage();
          for (let i = 0; i < times; i++) mean.add(at(i));
          return mean.value;
        },
        'add to an Ewma': (times) => {
          const mean = new Ewma(0.1);
          for (let i = 0; i < times; i++) mean.add(at(i));
          return mean.value;
        },
      }),
      {
        how: 'the last 20: memory',
        value: (await retainedBytes(() => Array.from({ length: means }, () => used(new MovingAverage())))) / means,
        unit: 'bytes',
      },
      {
        how: 'Ewma: memory',
        value: (await retainedBytes(() => Array.from({ length: means }, () => used(new Ewma(0.1))))) / means,
        unit: 'bytes',
      },
    ];
  },
};

export const memoryOfSamples: Case = {
  id: 'O10',
  about: 'memory after a million durations',
  async measure(rounds) {
    const [array, sliding]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      array.push(await retainedBytes(() => Array.from({ length: TIMES }, (_, i) => at(i))));
      sliding.push(await retainedBytes(() => recorded(1, TIMES)));
    }
    return [
      { how: 'an array of samples', value: median(array), unit: 'bytes' },
      { how: 'SlidingDurations', value: median(sliding), unit: 'bytes' },
    ];
  },
};

function at(i: number): number {
  return durations[i & 4_095]!;
}

function recordOneIn(n: number, times: number): number {
  return recorded(n, times).read(times * 0.01).mean;
}

function recorded(n: number, times: number): SlidingDurations {
  const sliding = new SlidingDurations(10_000);
  for (let i = 0; i < times; i++) if (i % n === 0) sliding.record(i * 0.01, at(i));
  return sliding;
}

function used<M extends { add(value: number): void }>(mean: M): M {
  for (let i = 0; i < 30; i++) mean.add(at(i));
  return mean;
}
