import { describe, expect, it } from 'vitest';
import { JUDGED_SHAPES, poissonWorkload, scaledTo } from '../../../lib/simulator/load/index.js';
import { picture } from '../../../lib/simulator/picture.js';
import { escaped } from '../../../lib/simulator/picture/markup.js';
import { clockValues, logarithmic, powersOfTen, roundValues } from '../../../lib/simulator/picture/scales.js';
import { loadSeries, thinned, waitSeries } from '../../../lib/simulator/picture/series.js';
import { simulate } from '../../../lib/simulator/simulate.js';
import type { Workload } from '../../../lib/simulator/workload.js';

const hour = poissonWorkload(scaledTo(JUDGED_SHAPES.spikes, 80), { seed: 1 });
const none: Workload = { name: 'none', durationMs: 500, arrivals: new Float64Array(), services: new Float64Array() };

/** Names of the elements that are open where the text ends; throws where they are not nested. */
function openElements(svg: string): string[] {
  const open: string[] = [];
  for (const [tag, isEnd, name] of svg.matchAll(/<(\/?)([a-z]+)(?:\s+[\w:-]+="[^"<]*")*\s*\/?>/g)) {
    if (isEnd === '/') expect(open.pop()).toBe(name);
    else if (!tag.endsWith('/>')) open.push(name!);
  }
  return open;
}

describe('the picture of a run', () => {
  it('takes less than 150 KB for an hour, however often the size changes', () => {
    const svg = picture(hour, simulate(hour, { seed: 1 }));
    expect(svg.length).toBeLessThan(150_000);
    expect(svg).not.toContain('NaN');
    expect(openElements(svg)).toEqual([]);
    expect(picture(hour, simulate(hour, { seed: 1 }))).toBe(svg);
  });

  it('names what it shows, with units', () => {
    const svg = picture(hour, simulate(hour, { size: 20 }), { title: 'twenty', objectiveMs: 50 });
    for (const text of ['twenty', 'load, tasks/s', 'workers', 'wait p99, ms', 'time, minutes', 'objective, 50 ms']) {
      expect(svg).toContain(text);
    }
  });

  it('has a ground of its own, and nothing that runs or loads', () => {
    const svg = picture(hour, simulate(hour, { size: 20 }));
    expect(svg).toMatch(/<rect width="1200" height="\d+" rx="8" fill="#ffffff"/);
    expect(svg).not.toMatch(/<script|href|url\(|<style/);
  });

  it('shows names as text, whatever they hold', () => {
    const name = `</title><script>alert("1")</script> & 'co' \u0000\ud800`;
    const svg = picture({ ...none, name }, simulate({ ...none, name }, { size: 1 }));
    expect(svg).not.toContain('<script');
    expect(svg).toContain(
      '&lt;/title&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;co&#39; \ufffd\ufffd',
    );
    expect(openElements(svg)).toEqual([]);
  });

  it('draws a load without tasks', () => {
    expect(picture(none, simulate(none))).not.toContain('NaN');
  });

  it('refuses options that make no sense', () => {
    const result = simulate(none);
    expect(() => picture(none, result, { objectiveMs: 0 })).toThrow('picture.objectiveMs is 0');
    expect(() => picture(none, result, { titel: 'x' } as object)).toThrow("Did you mean 'title'?");
  });
});

describe('the parts of a picture', () => {
  it('escapes what XML gives a meaning, and keeps the rest', () => {
    expect(escaped(`a<b>&"'\tü😀\u0007`)).toBe('a&lt;b&gt;&amp;&quot;&#39;\tü😀\ufffd');
  });

  it.each([
    [64, 4, [0, 20, 40, 60, 80]],
    [4, 5, [0, 1, 2, 3, 4]],
    [0.3, 3, [0, 0.1, 0.2, 0.3]],
    [0, 4, [0, 5e-10, 1e-9]],
  ])('has round values up to %d', (most, count, values) => {
    const found = roundValues(most, count);
    if (most > 0) expect(found).toEqual(values);
    expect(found.at(-1)).toBeGreaterThan(0);
  });

  it('has powers of ten, and even steps for equal factors', () => {
    expect(powersOfTen(200)).toEqual([1, 10, 100, 1_000]);
    const scale = logarithmic(1, 1_000, 0, 300);
    expect([0, 1, 10, 100, 1_000].map((value) => Math.round(scale(value)))).toEqual([0, 0, 100, 200, 300]);
  });

  it.each([
    [5_000, 'seconds', 6, '5'],
    [600_000, 'minutes', 11, '10'],
    [3_600_000, 'minutes', 7, '60'],
    [86_400_000, 'hours', 7, '24'],
  ])('tells %d ms in %s', (durationMs, unit, count, last) => {
    const clock = clockValues(durationMs);
    expect(clock.unit).toBe(unit);
    expect(clock.values).toHaveLength(count);
    expect(clock.values.at(-1)).toEqual([durationMs, last]);
  });

  it('takes the mean of the load and the highest of the waits', () => {
    const arrivals = Float64Array.of(0, 1, 2, 1_000, 3_500);
    const workload = { name: 'few', durationMs: 4_000, arrivals, services: Float64Array.of(10, 10, 10, 10, 10) };
    expect(loadSeries(workload, 10)).toEqual({ stepMs: 1_000, values: Float64Array.of(3, 1, 0, 1) });
    expect(loadSeries(workload, 2)).toEqual({ stepMs: 2_000, values: Float64Array.of(2, 0.5) });
    const waited = { ...simulate(workload, { size: 1 }) };
    expect(waitSeries(workload, waited, 2).values).toEqual(Float64Array.of(18, 0));
  });

  it('keeps peaks where changes are too many to draw', () => {
    const changes = Array.from({ length: 1_000 }, (_, at) => ({ at, value: at === 555 ? 99 : at % 3 }));
    const kept = thinned(changes, 1_000, 50);
    expect(kept.length).toBeLessThanOrEqual(100);
    expect(kept).toContainEqual({ at: 555, value: 99 });
    expect(kept.at(-1)).toEqual(changes.at(-1));
    expect(thinned(changes.slice(0, 90), 1_000, 50)).toHaveLength(90);
  });
});
