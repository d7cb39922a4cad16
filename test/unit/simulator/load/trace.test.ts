import { describe, expect, it } from 'vitest';
import { PoolConfigError } from '../../../../lib/core/errors.js';
import { meanRate, readTrace, traceShape } from '../../../../lib/simulator/load/index.js';

const read = (text: string) => readTrace(text, { name: 'recorded' });

describe('traces (L1)', () => {
  it('are read with the unit of their header', () => {
    expect(read('requests_per_1s\n3\n0\n7\n')).toEqual({ name: 'recorded', binMs: 1_000, counts: [3, 0, 7] });
    expect(read('\uFEFFinvocations_per_60s\r\n12\r\n4.5')).toEqual({
      name: 'recorded',
      binMs: 60_000,
      counts: [12, 4.5],
    });
  });

  it.each([
    ['', /trace 'recorded', line 1: "", but must be a header such as 'requests_per_1s'/],
    ['requests\n1', /line 1: "requests", but must be a header/],
    ['requests_per_0s\n1', /line 1/],
    ['5\n6', /line 1: "5"/],
    ['requests_per_1s\n', /has a header but no counts/],
    ['requests_per_1s\n1\n-2\n3', /trace 'recorded', line 3: "-2", but must be a count, 0 or more/],
    ['requests_per_1s\n1\n2\nNaN', /line 4: "NaN"/],
    ['requests_per_1s\n1\n\n3', /line 3: ""/],
    ['requests_per_1s\n1,2', /line 2: "1,2"/],
    ['requests_per_1s\nInfinity', /line 2/],
  ])('refuse %j and name the line', (text, message) => {
    expect(() => read(text)).toThrow(PoolConfigError);
    expect(() => read(text)).toThrow(message);
  });

  it('replay seconds as they are, at an even rate', () => {
    const shape = traceShape(read('requests_per_1s\n10\n0\n20'), { meanPerSecond: 10 });
    expect(shape.durationMs).toBe(3_000);
    expect([0, 999, 1_000, 1_999, 2_000, 2_999].map((ms) => shape.rateAt(ms))).toEqual([10, 10, 0, 0, 20, 20]);
  });

  it('replay minutes as five seconds each, in straight lines through their middles', () => {
    const shape = traceShape(read('invocations_per_60s\n60\n120\n60'), { meanPerSecond: 80 });
    expect(shape.durationMs).toBe(15_000);
    // Level for 2.5 s, up for 5, down for 5, level for 2.5: a mean of 80 is 60 at the ends and 120 in the middle.
    expect([0, 2_500, 5_000, 7_500, 10_000, 15_000].map((ms) => Math.round(shape.rateAt(ms) * 1e6) / 1e6)).toEqual([
      60, 60, 90, 120, 90, 60,
    ]);
  });

  it('average to 80 per second unless told otherwise', () => {
    const trace = read('requests_per_1s\n1\n2\n9');
    expect(meanRate(traceShape(trace))).toBeCloseTo(80, 9);
    expect(meanRate(traceShape(trace, { meanPerSecond: 5 }))).toBeCloseTo(5, 9);
  });

  it('cannot be scaled where nothing came', () => {
    expect(() => traceShape(read('requests_per_1s\n0\n0'))).toThrow(/load 'recorded' has no arrivals/);
  });

  it('can be one bin long', () => {
    expect(traceShape(read('invocations_per_60s\n7')).durationMs).toBe(5_000);
  });
});
