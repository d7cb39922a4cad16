import { describe, expect, it } from 'vitest';
import { fittedShape, SHAPE_NAMES } from '../../../../lib/simulator/load/index.js';

const options = { peakPerSecond: 200, durationMs: 60_000 };

describe('a shape by its name', () => {
  it.each(SHAPE_NAMES)('%s lasts as long and goes as high as it is told', (name) => {
    const shape = fittedShape(name, options);
    expect(shape.name).toBe(name);
    expect(shape.durationMs).toBeCloseTo(60_000, 6);
    const rates = Array.from({ length: 6_000 }, (_, i) => shape.rateAt(i * 10));
    expect(Math.max(...rates)).toBeLessThanOrEqual(200);
    expect(Math.max(...rates)).toBeGreaterThan(name === 'spikes' ? 100 : 199);
    expect(Math.min(...rates)).toBeGreaterThanOrEqual(10);
  });

  it('fits its parts to the duration', () => {
    expect([0, 10_000, 20_000, 39_000, 50_000].map((ms) => fittedShape('ramp', options).rateAt(ms))).toEqual([
      10, 105, 200, 200, 105,
    ]);
    expect(fittedShape('slow-downstream', options).serviceFactorAt!(30_000)).toBe(10);
    expect(fittedShape('error-injection', options).failureShareAt!(30_000)).toBeCloseTo(0.05);
    expect(fittedShape('step', { ...options, basePerSecond: 50 }).rateAt(29_999)).toBe(50);
  });

  it('names the shapes where there is none of that name', () => {
    expect(() => fittedShape('rampe' as 'ramp', options)).toThrow(/shape is "rampe", but must be 'constant' or 'ramp'/);
  });
});
