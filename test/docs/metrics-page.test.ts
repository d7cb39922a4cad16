import { readFileSync } from 'node:fs';
import { NestFactory } from '@nestjs/core';
import { register } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { AppModule } from '../fixtures/docs/metrics.js';
import { METRIC_NAMES, METRICS } from '../../lib/entries/prometheus.js';
import { MOST_TASKS } from '../../lib/observe/metrics/task-tallies.js';
import { parseExposition } from '../support/exposition.js';

const page = readFileSync('docs/metrics.md', 'utf8');

/** The cells of each row of the table that begins with a header. */
function table(header: string): string[][] {
  const lines = page.split('\n');
  const cells = (line: string) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
  const start = lines.findIndex((line) => cells(line)[0] === header);
  const rows = lines.slice(start + 2);
  return rows
    .slice(
      0,
      rows.findIndex((line) => !line.startsWith('|')),
    )
    .map(cells);
}

describe('docs/metrics.md (O1)', () => {
  it('tells every metric as the code has it', () => {
    const expected = METRIC_NAMES.map((name) => {
      const { type, labels, byTask, help } = METRICS[name];
      const own = labels.filter((label) => label !== 'pool').map((label) => `\`${label}\``);
      return [`\`${name}\``, type, [...own, ...(byTask ? ['by task'] : [])].join(', '), help];
    });
    expect(table('metric')).toEqual(expected);
  });

  it('names no metric that there is none of', () => {
    const named = [...page.matchAll(/\bpool_[a-z_]+/g)].map(([name]) => name.replace(/_(bucket|sum|count)$/, ''));
    const known = METRIC_NAMES as readonly string[];
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('shows an application whose metrics come with its default labels, and says how many series there are', async () => {
    const app = await NestFactory.create(AppModule, { logger: false });
    await app.listen(0, '127.0.0.1');
    const { series, value } = parseExposition(await (await fetch(`${await app.getUrl()}/metrics`)).text());
    expect(value('pool_max', { pool: 'images', app: 'shop' })).toBe(4);
    const ours = series.filter(({ name, labels }) => name.startsWith('pool_') && !('worker' in labels));
    expect(page).toContain(`a pool has ${ours.length} (and one for each thread)`);
    const byTask = METRIC_NAMES.filter((name) => METRICS[name].byTask);
    const perTask = ours.filter(({ name }) => byTask.some((one) => name.startsWith(one))).length;
    expect(page).toContain(`up to ${perTask} series for each task`);
    expect(page).toContain(`Up to ${MOST_TASKS}\ntasks of a pool`);
    await app.close();
    register.clear();
  });
});
