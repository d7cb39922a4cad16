import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { METRIC_NAMES } from '../../../lib/observe/metrics/metric-names.js';
import { alerts, RULES_FILE, rules } from '../../support/alert-rules.js';
import { unknownNames } from '../../support/metric-labels.js';
import { promqlNames } from '../../support/promql-names.js';
import { promtool, runPromtool } from '../../support/promtool.js';

const TESTS_FILE = 'deploy/prometheus/dynamic-pool.rules.test.yml';

interface RuleTest {
  readonly input_series: readonly { readonly series: string }[];
  readonly alert_rule_test?: readonly { readonly alertname: string; readonly exp_alerts: readonly unknown[] }[];
}

const ruleTests = (parse(readFileSync(TESTS_FILE, 'utf8')) as { tests: readonly RuleTest[] }).tests;
const records = rules.flatMap(({ record }) => record ?? []);

describe('the alert rules', () => {
  it('ask only for metrics and labels that an application exports, for `up`, and for what they record (O2)', () => {
    expect(rules.flatMap(({ expr }) => unknownNames(expr, [...records, 'up']))).toEqual([]);
    const asked = new Set(rules.flatMap(({ expr }) => promqlNames(expr).selectors.map(({ metric }) => metric)));
    expect(records.filter((record) => !asked.has(record))).toEqual([]);
  });

  it('cover what O2 names (O2)', () => {
    expect(alerts.map(({ alert }) => alert)).toEqual(
      expect.arrayContaining(['PoolAtCeiling', 'PoolResizesTooOften', 'PoolDropsTasks', 'PoolWaitsOverObjective']),
    );
  });

  it.each(alerts)('$alert tells how bad it is, what it is and what to do', ({ labels, annotations, alert }) => {
    expect(labels.severity).toMatch(/^(critical|warning)$/);
    expect(Object.keys(annotations)).toEqual(['summary', 'description', 'runbook_url']);
    const anchor = alert.replaceAll(/(?<=.)[A-Z]/g, '-$&').toLowerCase();
    expect(annotations.runbook_url).toBe(`docs/operations.md#${anchor}`);
  });

  it.each(alerts)('$alert has a test in which it fires, with its words', ({ alert }) => {
    const firing = ruleTests.flatMap((test) => test.alert_rule_test ?? []).filter((test) => test.alertname === alert);
    expect(firing.flatMap((test) => test.exp_alerts)).not.toEqual([]);
  });

  it('are tested with series that an application exports', () => {
    const series = ruleTests.flatMap((test) => test.input_series.map((input) => input.series));
    expect(series.flatMap((name) => unknownNames(name, ['up']))).toEqual([]);
    for (const name of METRIC_NAMES.filter((metric) => rules.some(({ expr }) => expr.includes(metric)))) {
      expect(
        series.some((each) => each.startsWith(name)),
        name,
      ).toBe(true);
    }
  });

  it.skipIf(!promtool)('are rules to Prometheus', () => {
    expect(runPromtool(['check', 'rules', RULES_FILE])).toMatchObject({ ok: true });
  });

  it.skipIf(!promtool)('fire when they should and are silent when they should be (O2)', { timeout: 90_000 }, () => {
    expect(runPromtool(['test', 'rules', TESTS_FILE])).toMatchObject({ ok: true });
  });
});
