import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PoolView } from '../../lib/entries/admin.js';
import { SAMPLE_IMAGE, SAMPLE_TABLES } from '../../sample-app/data-files.js';
import { findProgram } from '../support/debian-tools.js';
import { startPrometheus, type PrometheusServer } from './prometheus-server.js';
import { form, startSampleApp, type SampleApp } from './sample-app-process.js';

const program = findProgram('prometheus');
const TOKEN = 'token-of-the-test';
const POOLS = ['images', 'reports', 'rates'];

describe.skipIf(program === null)('a real Prometheus that scrapes the sample application under load (O1)', () => {
  let app: SampleApp;
  let prometheus: PrometheusServer;

  const post = async (path: string, file: string) => {
    const response = await fetch(`${app.url}${path}`, { method: 'POST', body: form(await readFile(file), 'upload') });
    await response.arrayBuffer();
    return response.status;
  };
  const snapshots = async () => {
    const response = await fetch(`${app.url}/pools`, { headers: { Authorization: `Bearer ${TOKEN}` } });
    return (await response.json()) as PoolView[];
  };
  /** The value of each pool; by pool alone, whatever else a metric tells apart. */
  const byPool = async (metric: string) => {
    const values = await prometheus.query(`sum by (pool) (${metric})`);
    return Object.fromEntries(values.map(({ labels, value }) => [labels['pool'], value]));
  };

  beforeAll(async () => {
    app = await startSampleApp({ DYNAMIC_POOL_TOKEN: TOKEN });
    prometheus = await startPrometheus(program!, { sample: `${app.url}/metrics` });
    const rate = async () => (await fetch(`${app.url}/rates/USD`)).status;
    const statuses = await Promise.all([
      ...Array.from({ length: 60 }, rate),
      ...Array.from({ length: 4 }, () => post('/images/thumbnail?width=64&height=64', SAMPLE_IMAGE)),
      ...Array.from({ length: 3 }, () => post('/reports', SAMPLE_TABLES[0])),
      // Not a picture: a task that fails.
      post('/images/thumbnail', SAMPLE_TABLES[0]),
    ]);
    expect(statuses.filter((status) => status >= 400)).toEqual([415]);
  });

  afterAll(async () => {
    await prometheus?.stop();
    await app?.stop();
  });

  it.each<[metric: string, told: (view: PoolView) => number]>([
    ['pool_size', ({ size }) => size],
    ['pool_busy', ({ busy }) => busy],
    ['pool_queue_depth', ({ queueDepth }) => queueDepth],
    ['pool_target', ({ target }) => target],
    ['pool_max', ({ max }) => max],
    ['pool_utilization_ratio', ({ busy, max }) => busy / max],
    ['pool_wait_seconds_count', ({ load }) => load.started],
    ['pool_wait_seconds_bucket{le="+Inf"}', ({ load }) => load.started],
    ['pool_process_seconds_count', ({ load }) => load.served],
    ['pool_submitted_total', ({ counters }) => counters.submitted],
    ['pool_completed_total', ({ counters }) => counters.completed],
    ['pool_dropped_total', ({ counters }) => counters.dropped],
    ['pool_errors_total', ({ counters }) => counters.failed],
    ['pool_worker_crashes_total', ({ counters }) => counters.crashes],
    ['pool_resizes_total', ({ counters }) => counters.resizes.up + counters.resizes.down],
    ['pool_resizes_total{direction="up"}', ({ counters }) => counters.resizes.up],
  ])('%s is what the snapshots say', async (metric, told) => {
    // An autoscaler may move between a scrape and a look: both are asked until they are of one instant.
    await expect
      .poll(
        async () => {
          const views = await snapshots();
          const expected = Object.fromEntries(views.map((view) => [view.name, told(view)]));
          return [await byPool(metric), expected];
        },
        { timeout: 15_000, interval: 200 },
      )
      .toSatisfy(([found, expected]: [object, object]) => {
        return (
          POOLS.every((pool) => pool in found) && JSON.stringify(sorted(found)) === JSON.stringify(sorted(expected))
        );
      });
  });

  it('the time of the work is in the histogram', async () => {
    const [view] = (await snapshots()).filter(({ name }) => name === 'rates');
    await expect
      .poll(
        async () => Math.abs(((await byPool('pool_process_seconds_sum'))['rates'] ?? 0) * 1_000 - view!.load.serviceMs),
        {
          timeout: 15_000,
          interval: 200,
        },
      )
      .toBeLessThan(1e-3);
  });
});

function sorted(values: object): [string, unknown][] {
  return Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
}
