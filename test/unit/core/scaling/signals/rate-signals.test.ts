import { describe, expect, it } from 'vitest';
import {
  arrivalRateSignal,
  errorRateSignal,
  throughputSignal,
} from '../../../../../lib/core/scaling/signals/rate-signals.js';
import { readingOf, valueAfter } from '../../../../support/readings.js';

const counters = (submitted: number, completed = 0, failed = 0) => ({ counters: { submitted, completed, failed } });

describe('rates over a sliding window (S1)', () => {
  it.each<[string, Record<number, object>, number | null]>([
    ['one reading tells no rate', { 0: counters(50) }, null],
    ['two tell that of the time between them', { 0: counters(50), 250: counters(60) }, 40],
    ['what came before the window does not count', { 0: counters(0), 1_000: counters(900), 3_000: counters(902) }, 1],
    ['nothing comes', { 0: counters(7), 1_000: counters(7) }, 0],
    ['after a gap it is the mean over the gap', { 0: counters(0), 60_000: counters(600) }, 10],
    ['a counter that starts over belongs to a new pool', { 0: counters(500), 500: counters(2), 1_000: counters(4) }, 4],
    ['a pool without counters', { 0: { counters: undefined }, 1_000: { counters: undefined } }, null],
  ])('arrival rate: %s', (_, readings, expected) => {
    expect(valueAfter(arrivalRateSignal(2_000), readings)).toBe(expected);
  });

  it('throughput counts what ended, well or badly', () => {
    expect(valueAfter(throughputSignal(), { 0: counters(9, 2, 1), 2_000: counters(99, 8, 5) })).toBe(5);
  });

  it.each<[string, Record<number, object>, number | null]>([
    ['one reading tells nothing', { 0: counters(9, 5, 4) }, null],
    ['a quarter failed', { 0: counters(0), 1_000: counters(9, 3, 1) }, 0.25],
    ['all failed', { 0: counters(0, 100), 1_000: counters(110, 100, 10) }, 1],
    ['nothing ended', { 0: counters(0, 5, 5), 1_000: counters(20, 5, 5) }, 0],
    ['cancelled tasks are on neither side', { 0: counters(0), 1_000: counters(100, 9, 1) }, 0.1],
    ['old failures are forgotten', { 0: counters(0), 1_500: counters(9, 0, 9), 12_000: counters(18, 9, 9) }, 0],
  ])('error rate: %s', (_, readings, expected) => {
    expect(valueAfter(errorRateSignal(), readings)).toBe(expected);
  });

  it('a rate is right at every tick of a steady stream', () => {
    const signal = arrivalRateSignal(5_000);
    for (let tick = 0; tick <= 200; tick++) {
      signal.observe!(readingOf(counters(tick * 25)), tick * 250);
      if (tick > 0) expect(signal.read(tick * 250)).toEqual({ value: 100, at: tick * 250 });
    }
  });
});
