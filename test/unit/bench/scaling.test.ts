import { describe, expect, it } from 'vitest';
import { loadSources } from '../../../bench/scaling/loads.js';
import { medians } from '../../../bench/scaling/medians.js';
import type { ReportRow } from '../../../lib/simulator/report.js';

const row = (policy: string, seed: number, missPct: number, costOverOracle: number): ReportRow => ({
  load: 'some',
  class: 'smooth',
  policy,
  seed,
  missPct,
  costOverOracle,
  costAtEqualMisses: costOverOracle * 1.1,
  resizesPerHour: seed * 10,
  reversalsPerHour: seed,
  p99WaitMs: 50,
  meanSize: 4,
});

describe('the tables of the scaling benchmark', () => {
  it('hold medians over the seeds', () => {
    const [found] = medians([row('a', 1, 0.1, 1.5), row('a', 2, 5, 1.1), row('a', 3, 0.3, 1.2)]);
    expect(found).toMatchObject({ policy: 'a', missPct: 0.3, costOverOracle: 1.2, resizesPerHour: 20 });
  });

  it('mark who keeps the objective, and who is cheapest of those that do not know the load', () => {
    const found = medians([
      row('late', 1, 1.01, 1),
      row('good', 1, 1, 1.3),
      row('dear', 1, 0, 2),
      row('best-static', 1, 1, 1.2),
    ]);
    expect(found.map(({ policy, keepsObjective, isCheapest }) => [policy, keepsObjective, isCheapest])).toEqual([
      ['late', false, false],
      ['good', true, true],
      ['dear', true, false],
      ['best-static', true, false],
    ]);
  });
});

describe('the loads of the scaling benchmark', () => {
  it('are the shapes, the traces of the repository, and what is given', () => {
    const names = loadSources(['/somewhere/mine.csv']).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['ramp', 'spikes', 'azure_llm_2023_conv_1s', 'mine']));
  });

  it('take a given trace in place of one of the same name', () => {
    const given = loadSources(['/elsewhere/azure_llm_2023_conv_1s.csv']);
    expect(given.filter(({ name }) => name === 'azure_llm_2023_conv_1s')).toEqual([
      { kind: 'trace', name: 'azure_llm_2023_conv_1s', file: '/elsewhere/azure_llm_2023_conv_1s.csv' },
    ]);
  });

  it('refuse two of one name', () => {
    expect(() => loadSources(['a/x.csv', 'b/x.csv'])).toThrow("another load is called 'x'");
    expect(() => loadSources(['ramp.csv'])).toThrow("another load is called 'ramp'");
  });
});
