import { Ewma } from '../../lib/core/stats/ewma.js';
import { allocatedBytes } from '../heap.js';
import { NullableAverage } from './as-usual.js';
import { compare, type Case } from './case.js';

const nullable = new NullableAverage(0.1);
const ewma = new Ewma(0.1);

const addToNullable = (times: number) => {
  for (let i = 0; i < times; i++) nullable.add(i / 8);
  return nullable.value;
};
const addToEwma = (times: number) => {
  for (let i = 0; i < times; i++) ewma.add(i / 8);
  return ewma.value;
};

export const firstValues: Case = {
  id: 'N5',
  about: 'an average before its first value',
  measure: async (rounds) => [
    ...compare(rounds, 1_000_000, { 'a field that is null at first': addToNullable, 'NaN at first (Ewma)': addToEwma }),
    { how: 'null: garbage', value: await allocatedBytes(addToNullable, 10_000), unit: 'bytes' },
    { how: 'NaN: garbage', value: await allocatedBytes(addToEwma, 10_000), unit: 'bytes' },
  ],
};

const [SLICES, SLICE_MS, STEP_MS] = [10, 1_000, 0.002];

export const slicesOfTime: Case = {
  id: 'N6',
  about: 'the slice of a sliding window that a time belongs to',
  measure: (rounds) =>
    compare(rounds, 1_000_000, {
      'by division': (times) => {
        let sum = 0;
        for (let i = 0; i < times; i++) sum += Math.floor((i * STEP_MS) / SLICE_MS) % SLICES;
        return sum;
      },
      'the latest one, by comparison': (times) => {
        let [sum, slice, from, until] = [0, 0, 0, 0];
        for (let i = 0; i < times; i++) {
          const now = i * STEP_MS;
          if (!(now >= from && now < until)) {
            const epoch = Math.floor(now / SLICE_MS);
            [slice, from, until] = [epoch % SLICES, epoch * SLICE_MS, (epoch + 1) * SLICE_MS];
          }
          sum += slice;
        }
        return sum;
      },
    }),
};
