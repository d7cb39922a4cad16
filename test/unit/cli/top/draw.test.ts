import { describe, expect, it } from 'vitest';
import { coloured, plain } from '../../../../lib/cli/text/paint.js';
import { widthOf } from '../../../../lib/cli/text/width.js';
import { type Canvas, drawn, drawnOnce } from '../../../../lib/cli/top/draw.js';
import { opened, pressed, told, type TopModel } from '../../../../lib/cli/top/model.js';
import { decision, NOON, poolView } from '../../../support/pool-views.js';

const canvas = (change: Partial<Canvas> = {}): Canvas => ({
  columns: 100,
  rows: 12,
  paint: plain,
  now: NOON,
  url: 'http://127.0.0.1:3000/pools',
  ...change,
});
const many = (count: number) =>
  opened(
    Array.from({ length: count }, (_, n) => poolView({ name: `pool${String(n).padStart(2, '0')}` })),
    new Map(),
  );
const connected = (model: TopModel): TopModel => ({ ...model, link: { state: 'connected' } });

describe('the picture of top (O4)', () => {
  it('is a line for each pool, with figures and the course of load and size', () => {
    const history = { pool: 'images', everyMs: 1_000, at: [1, 2], size: [2, 4], arrivals: [20, 40] } as never;
    const model = connected(
      opened([poolView(), poolView({ name: 'mail', size: 1, busy: 0 })], new Map([['images', history]])),
    );
    const lines = drawn(model, canvas());
    expect(lines).toHaveLength(12);
    expect(lines[0]).toMatch(/^dynamic-pool top {2}http:\S+ {2}2 pools .*connected$/);
    expect(lines[1]).toMatch(/^ {2}POOL +STATE +HEALTH +BUSY +QUEUE +P99 +LOAD\/s +SIZE$/);
    expect(lines[2]).toMatch(/^ {2}images +open +up +3 +2 +84ms +40 +▅█ +4\/8 +▃▅$/);
    expect(lines[3]).toMatch(/^ {2}mail .* –  .* 1>4\/8 +▂$/);
    expect(lines.at(-1)).toContain('q quit');
  });

  it.each([10, 20, 30, 40, 60, 80, 100, 200])('fits into %i columns and any number of rows', (columns) => {
    const model = pressed(
      pressed({ ...many(30), link: { state: 'disconnected', since: NOON, why: 'gone', retryMs: 1_000 } }, 'down'),
      'enter',
    );
    for (const rows of [1, 2, 3, 5, 10, 24, 60]) {
      const lines = drawn(model, canvas({ columns, rows }));
      expect(lines.length).toBeLessThanOrEqual(rows);
      for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns);
    }
  });

  it('keeps the chosen pool in sight, and says which it is without colours too', () => {
    let model = many(30);
    expect(drawn(model, canvas()).join()).not.toContain('›');
    for (let press = 0; press < 25; press++) model = pressed(model, 'down');
    const lines = drawn(model, canvas());
    expect(lines.find((line) => line.startsWith('›'))).toContain('pool24');
    expect(drawn(pressed(model, 'first'), canvas())[2]).toMatch(/^› pool00/);
    expect(drawn(pressed(model, 'last'), canvas()).join('\n')).toMatch(/^› pool29/m);
    expect(pressed(pressed(model, 'last'), 'down').chosen).toBe('pool29');
    expect(pressed(pressed(model, 'first'), 'up').chosen).toBe('pool00');
  });

  it('tells of the chosen pool what has no room in a line', () => {
    const news = told(opened([poolView()], new Map()), {
      event: 'decision',
      data: { v: 1, ...decision({ reason: 'work was left over' }) },
    });
    const lines = drawn(pressed(news, 'enter'), canvas({ rows: 20 })).join('\n');
    expect(lines).toContain('2m ago: grew from 2 to 4. work was left over');
    expect(lines).toContain('Images.thumbnail');
    expect(drawn(pressed(pressed(news, 'enter'), 'back'), canvas({ rows: 20 })).join('\n')).not.toContain('grew');
  });

  it('says at once that it is disconnected, since when and why, and keeps what was', () => {
    const model: TopModel = {
      ...many(1),
      link: { state: 'disconnected', since: NOON - 5_400, why: 'gone', retryMs: 2_000 },
    };
    const lines = drawn(model, canvas({ paint: coloured }));
    expect(lines[0]!.startsWith('\u001b[31mDISCONNECTED for 5s, tries again every 2s: gone')).toBe(true);
    expect(lines[2]).toContain('pool00');
  });

  it('follows snapshots, of new pools too', () => {
    const model = told(many(1), { event: 'snapshot', data: { v: 1, pool: 'a', ...poolView({ name: 'a', busy: 7 }) } });
    expect(drawnOnce(model, 120)[1]).toMatch(/^a .* 7 /);
    expect(drawnOnce(model, 120)).toHaveLength(3);
  });

  it('says so where there are no pools, and keys do nothing then', () => {
    const empty = opened([], new Map());
    expect(drawn(empty, canvas()).join()).toContain('There are no pools.');
    for (const key of ['up', 'down', 'first', 'last', 'enter', 'back'] as const)
      expect(drawn(pressed(empty, key), canvas())).toHaveLength(12);
  });
});
