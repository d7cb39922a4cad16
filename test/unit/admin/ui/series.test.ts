import { describe, expect, it } from 'vitest';
import { apiBase } from '../../../../lib/admin/ui/api/api-base.js';
import { linkTo, parseHash } from '../../../../lib/admin/ui/state/route.js';
import { COLUMNS, Series } from '../../../../lib/admin/ui/state/series.js';
import { HOSTILE_NAMES } from '../../../fixtures/hostile-names.js';
import { flatHistory, poolView } from '../../../support/page/pool-views.js';

function viewAt(at: number, submitted: number) {
  const view = poolView('p', { at });
  return { ...view, counters: { ...view.counters, submitted } };
}

describe('the points of a plot', () => {
  it('stay bounded over hours, all columns equally long', () => {
    const series = new Series();
    for (let second = 0; second < 20_000; second += 1) series.add(viewAt(second * 1000, second));
    expect(series.length).toBeLessThanOrEqual(720);
    expect(new Set(COLUMNS.map((column) => series.column(column).length)).size).toBe(1);
    expect(series.column('at').at(-1)).toBe(19_999_000);
  });

  it('tell arrivals per second, and share a point where snapshots come thick', () => {
    const series = new Series();
    series.add(viewAt(1000, 100));
    series.add(viewAt(2000, 140));
    series.add(viewAt(2200, 145));
    series.add(viewAt(3000, 175));
    expect(series.column('at')).toEqual([1000, 2200, 3000]);
    expect(series.column('arrivals')[1]).toBeCloseTo(45 / 1.2);
    expect(series.column('arrivals')[2]).toBeCloseTo(30 / 0.8);
  });

  it('go on where snapshots come thick for long, as while a pool is resized at each tick', () => {
    const series = new Series();
    for (let tick = 0; tick <= 40; tick += 1) series.add(viewAt(1000 + tick * 250, tick * 25));
    expect(series.length).toBeGreaterThanOrEqual(10);
    expect(series.length).toBeLessThan(20);
    for (const arrivals of series.column('arrivals').slice(1)) expect(arrivals).toBeCloseTo(100);
  });

  it('know of no arrivals where the counts fell: the application has started anew', () => {
    const series = new Series();
    series.add(viewAt(1000, 500));
    series.add(viewAt(2000, 3));
    expect(series.column('arrivals').at(-1)).toBeNull();
  });

  it('break off where nothing was heard for long', () => {
    const series = new Series();
    series.add(viewAt(1000, 1));
    series.add(viewAt(60_000, 2));
    expect(series.column('size')).toEqual([2, null, 2]);
  });

  it('take what the server kept, and keep what came later', () => {
    const series = new Series();
    const now = 1_000_000;
    series.add(viewAt(now - 30_000, 10));
    series.add(viewAt(now, 20));
    series.add(viewAt(now + 1000, 25));
    series.load(flatHistory(viewAt(now, 20), 60));
    expect(series.length).toBe(61);
    expect(series.column('arrivals').at(-1)).toBe(5);
  });

  it('begin anew where the clock of the application was set back, rather than stand still until it has caught up', () => {
    const series = new Series();
    for (let second = 0; second < 5; second += 1) series.add(viewAt(3_600_000 + second * 1000, second));
    series.add(viewAt(1000, 10));
    series.add(viewAt(2000, 12));
    expect(series.column('at')).toEqual([1000, 2000]);
    expect(series.column('arrivals')).toEqual([null, 2]);
  });

  it('ignore what is older than what they have', () => {
    const series = new Series();
    series.add(viewAt(5000, 1));
    series.add(viewAt(1000, 1));
    expect(series.column('at')).toEqual([5000]);
  });
});

describe('addresses', () => {
  it.each([
    ['/pools/ui', '/pools'],
    ['/pools/ui/', '/pools'],
    ['/api/v1/ops/pools/ui', '/api/v1/ops/pools'],
    ['/ui/pools/ui', '/ui/pools'],
  ])('finds the API of the page %s at %s', (page, base) => expect(apiBase(page)).toBe(base));

  it('links to any name and back', () => {
    for (const pool of [...HOSTILE_NAMES, 'a/b', '..', 'ä ö', '100%']) {
      expect(parseHash(linkTo(pool))).toEqual({ view: 'pool', pool });
    }
    for (const hash of ['', '#', '#/', '#/pools', '#/pools/', '#/pools/%E0%A4%A', '#/pools/a/b']) {
      expect(parseHash(hash)).toEqual({ view: 'overview' });
    }
  });
});
