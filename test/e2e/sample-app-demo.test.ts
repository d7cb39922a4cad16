import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { isReady, isReportOf, isThumbnail } from '../../sample-app/demo/check.js';
import { medianQuantiles, quantiles } from '../../sample-app/demo/statistics.js';
import type { RunFigures } from '../../sample-app/demo/run.js';
import { describe as render, summarize } from '../../sample-app/demo/summary.js';
import { SAMPLE_IMAGE, SAMPLE_TABLES } from '../../sample-app/data-files.js';

const json = (status: number, value: unknown) => ({
  status,
  contentType: 'application/json',
  body: Buffer.from(JSON.stringify(value)),
});

describe('the demo', () => {
  it('finds thumbnails of a wrong size, type or status', async () => {
    const body = await readFile(SAMPLE_IMAGE);
    const answer = { status: 200, contentType: 'image/jpeg', body };
    expect(isThumbnail('image/jpeg', 1600, 1200)(answer)).toBeNull();
    expect(isThumbnail('image/jpeg', 320, 240)(answer)).toMatch(/expected .* 320 x 240, got .* 1600 x 1200/);
    expect(isThumbnail('image/png', 1600, 1200)(answer)).toMatch(/got image\/jpeg/);
    expect(isThumbnail('image/jpeg', 1600, 1200)({ ...answer, body: Buffer.from('?') })).toMatch(/undefined/);
    expect(isThumbnail('image/jpeg', 1600, 1200)({ ...answer, status: 503 })).toMatch(/status 503/);
  });

  it('finds reports with a wrong, missing or NaN figure', () => {
    const check = isReportOf(SAMPLE_TABLES[1], 201);
    const column = {
      name: 'requests_per_1s',
      count: 3502,
      missing: 0,
      min: 0,
      max: 16,
      mean: 5.529982866933181,
      standardDeviation: 2.768531690845157,
      median: 5,
      p90: 9,
      p99: 13,
    };
    const report = (changes: object) => json(201, { rows: 3502, columns: [{ ...column, ...changes }] });
    expect(check(report({}))).toBeNull();
    expect(check(report({ p90: 10 }))).toMatch(/p90 of "requests_per_1s" is 10, expected 9/);
    expect(check(report({ mean: undefined }))).toMatch(/mean .* is undefined/);
    expect(check(report({ median: NaN }))).toMatch(/median .* is null/);
    expect(check(report({ name: 'other' }))).toMatch(/expected 3502 rows of "requests_per_1s"/);
    expect(check(json(500, {}))).toMatch(/status 500/);
  });

  it('finds a service that is not ready', () => {
    expect(isReady(json(200, { status: 'ok' }))).toBeNull();
    expect(isReady(json(503, { status: 'shutting down' }))).toMatch(/status 503/);
  });

  it('compares the medians of the rounds', () => {
    expect(quantiles([5, 1, 4, 2, 3])).toEqual({ p50: 3, p99: 5, max: 5 });
    expect(quantiles([])).toEqual({ p50: 0, p99: 0, max: 0 });
    const rounds = [1, 9, 2].map((p99) => ({ p50: 1, p99, max: 9 }));
    expect(medianQuantiles(rounds)).toEqual({ p50: 1, p99: 2, max: 9 });
  });

  it('tells how many times better the pooled side was', () => {
    const times = { p50: 1, p99: 2, max: 3 };
    const figures = (pooled: boolean, p99: number, throughput: number): RunFigures => ({
      pooled,
      throughput,
      thumbnails: 10,
      reports: 2,
      pings: 6,
      thumbnailLatency: times,
      pingLatency: times,
      loopDelay: { p50: 1, p99, max: p99 },
      wrong: [],
    });
    const summary = summarize([figures(true, 4, 9), figures(false, 200, 6)]);
    expect(summary.ratios).toEqual({ loopDelayP99: 50, throughput: 1.5 });
    expect(summary.pooled.responses).toBe(20);
    expect(render(summary)).toMatch(/50\.0 times lower pooled \(goal: at least 10, met\)/);
    expect(render(summary)).toMatch(/1\.50 times as high pooled \(goal: no lower, met\)/);
  });
});
