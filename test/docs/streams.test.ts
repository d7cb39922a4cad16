import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { PoolService } from 'nestjs-dynamic-pool';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ReportsModule, Totals } from '../fixtures/docs/streams.js';

describe('docs/streams-and-batches.md, of streams and progress (P11)', () => {
  let app: INestApplication;
  let url: string;
  beforeAll(async () => {
    app = await NestFactory.create(ReportsModule, { logger: false });
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  });
  afterAll(() => app.close());

  it('a generator feeds a download', async () => {
    const rows = (await (await fetch(`${url}/reports/2026.csv`)).text()).trim().split('\n');
    expect([rows.length, rows[3]]).toEqual([365, '2026,4,2.000']);
  });

  it('an Observable feeds server-sent events', async () => {
    const events = await (await fetch(`${url}/numbers`)).text();
    expect(events.match(/^data: \d+$/gm)).toHaveLength(98);
  });

  it('a loop that has enough ends the task', async () => {
    const { cancelled } = app.get(PoolService).snapshot('reports').counters;
    expect(await app.get(Totals).firstRows(3)).toHaveLength(3);
    expect(app.get(PoolService).snapshot('reports').counters.cancelled).toBe(cancelled + 1);
    await vi.waitFor(() => expect(app.get(PoolService).snapshot('reports').busy).toBe(0), 10_000);
  });

  it('progress comes to the caller and to whoever listens to the pool', async () => {
    const heard: unknown[] = [];
    expect(await app.get(Totals).total((value) => heard.push(value))).toBe(6_075);
    expect(heard).toEqual([1, 2, 3].map((done) => ({ done, of: 3 })));
    expect(app.get(Totals).seen).toEqual(heard.map((value) => ({ task: 'Reports.total', value })));
  });
});
