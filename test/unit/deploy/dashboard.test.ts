import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { buildDashboard, dashboardFile } from '../../../deploy/grafana/dashboard.js';
import { METRIC_NAMES } from '../../../lib/observe/metrics/metric-names.js';
import { unknownNames } from '../../support/metric-labels.js';
import { checkExpressions, promtool } from '../../support/promtool.js';

interface Panel {
  readonly type: string;
  readonly title: string;
  readonly targets?: readonly { readonly expr: string; readonly refId: string }[];
}

const panels = (buildDashboard().panels as readonly Panel[]).filter(({ type }) => type !== 'row');
const expressions = panels.flatMap(({ targets }) => targets!.map(({ expr }) => expr));

describe('the Grafana dashboard', () => {
  it('is committed as the code makes it (npm run deploy:dashboard)', () => {
    expect(readFileSync('deploy/grafana/dashboard.json', 'utf8')).toBe(dashboardFile());
  });

  it('asks only for metrics and labels that an application exports (O2)', () => {
    const variables = buildDashboard().templating!.list!.flatMap(({ definition }) => definition ?? []);
    const asked = variables.map((query) => /^label_values\((?<series>.*), \w+\)$/.exec(query)!.groups!.series!);
    expect([...expressions, ...asked].flatMap((expr) => unknownNames(expr))).toEqual([]);
    expect(asked).toHaveLength(3);
  });

  it('shows every metric there is, but for the ratio that is for pods', () => {
    const shown = (name: string) => expressions.some((expr) => new RegExp(`\\b${name}(_bucket)?\\{`).test(expr));
    expect(METRIC_NAMES.filter((name) => !shown(name))).toEqual(['pool_utilization_ratio']);
  });

  it('has a title, a query and a number of its own in each panel', () => {
    expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
    for (const { targets } of panels) {
      expect(targets!.length).toBeGreaterThan(0);
      expect(new Set(targets!.map(({ refId }) => refId)).size).toBe(targets!.length);
    }
    expect(new Set(panels.map((panel) => (panel as { id?: number }).id)).size).toBe(panels.length);
  });

  it.skipIf(!promtool)('has no query that Prometheus cannot read (O2)', () => {
    const plain = expressions.map((expr) => expr.replaceAll('$__rate_interval', '5m'));
    expect(checkExpressions(plain)).toEqual({ ok: true, output: expect.stringContaining(`${plain.length} rules`) });
    expect(checkExpressions([...plain, 'sum by (pool (up)']).ok).toBe(false);
  });
});
