import { describe, expect, it } from 'vitest';
import { keysIn } from '../../../../lib/cli/top/keys.js';
import { EMPTY, extended, seriesOf } from '../../../../lib/cli/top/series.js';
import { sparkline } from '../../../../lib/cli/top/sparkline.js';
import { NOON, poolView } from '../../../support/pool-views.js';

describe('keys (O4)', () => {
  it.each([
    ['q', ['quit']],
    ['\u0003', ['quit']],
    ['jjk', ['down', 'down', 'up']],
    ['\u001b[A\u001b[B\u001bOA', ['up', 'down', 'up']],
    ['\u001b', ['back']],
    ['\r', ['enter']],
    ['gG', ['first', 'last']],
    // A page-down, a mouse and a function key: their letters are no keys of their own.
    ['\u001b[6~\u001b[<0;1;1M\u001b[15~\u001bOQ', []],
    ['xyz\u0000', []],
  ])('%j', (bytes, keys) => {
    expect(keysIn(bytes)).toEqual(keys);
  });
});

describe('sparklines (O4)', () => {
  it('end with the newest value, and reach the top with the highest', () => {
    expect(sparkline([0, 1, 4, 8], 6)).toBe('  ▁▂▅█');
    expect(sparkline([1, 2, 3, 4, 5, 6, 7, 8], 3)).toBe('▇██');
    expect(sparkline([1, 4], 2, 8)).toBe('▂▅');
  });

  it('tell 0 from little, and little from nothing known', () => {
    expect(sparkline([0, null, 0.001, 100], 4)).toBe('▁ ▂█');
    expect(sparkline([0, 0], 2)).toBe('▁▁');
    expect(sparkline([], 3)).toBe('   ');
    expect(sparkline([1], 0)).toBe('');
  });
});

describe('the course of a pool (O4)', () => {
  const at = (ms: number, submitted: number, size = 4) =>
    poolView({ at: NOON + ms, size, counters: { ...poolView().counters, submitted } });

  it('counts tasks that came in a second; what comes within a second is no step', () => {
    const series = [at(0, 100), at(1_000, 140), at(1_200, 150), at(2_000, 160)].reduce(extended, EMPTY);
    expect(series.load).toEqual([40, 20]);
    expect(series.size).toEqual([4, 4, 4]);
  });

  it('leaves blank what it has not seen, and what another life of the application counts', () => {
    const series = [at(0, 100), at(4_000, 180), at(5_000, 3)].reduce(extended, EMPTY);
    expect(series.load).toEqual([null, null, null, 20, null]);
  });

  it('goes on from what the application has recorded', () => {
    const recorded = seriesOf({ at: [1, 2], size: [1, 2], arrivals: [10, 20] } as never);
    expect([at(0, 100), at(1_000, 130)].reduce(extended, recorded)).toMatchObject({
      load: [10, 20, 30],
      size: [1, 2, 4],
    });
  });

  it('keeps no more than a terminal can show', () => {
    const series = Array.from({ length: 400 }, (_, second) => at(second * 1_000, second)).reduce(extended, EMPTY);
    expect([series.load.length, series.size.length]).toEqual([300, 300]);
  });
});
