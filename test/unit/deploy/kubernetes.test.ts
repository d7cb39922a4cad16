import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { METRIC_NAMES } from '../../../lib/observe/metrics/metric-names.js';
import { unknownNames } from '../../support/metric-labels.js';
import { checkExpressions, promtool } from '../../support/promtool.js';

const read = <T>(file: string) => parse(readFileSync(`deploy/kubernetes/${file}`, 'utf8')) as T;

interface Behavior {
  readonly scaleUp: { readonly stabilizationWindowSeconds: number };
  readonly scaleDown: { readonly stabilizationWindowSeconds: number };
}
interface Metadata {
  readonly query: string;
  readonly threshold: string;
  readonly ignoreNullValues: string;
}

const hpa = read<{
  spec: { metrics: readonly { pods: { metric: { name: string } } }[]; behavior: Behavior };
}>('hpa.yaml');
const adapter = read<{
  rules: { custom: readonly { seriesQuery: string; name: { matches: string; as: string }; metricsQuery: string }[] };
}>('prometheus-adapter-values.yaml').rules.custom[0]!;
const scaledObject = read<{
  spec: {
    advanced: { horizontalPodAutoscalerConfig: { behavior: Behavior } };
    triggers: readonly { metadata: Metadata }[];
  };
}>('keda-scaledobject.yaml');

const queries = [
  adapter.seriesQuery,
  adapter.metricsQuery
    .replaceAll('<<.GroupBy>>', 'pod')
    .replaceAll('<<.Series>>', 'pool_utilization_ratio')
    .replaceAll('<<.LabelMatchers>>', 'namespace="shop", pod=~"a|b", pool="thumbnails"'),
  ...scaledObject.spec.triggers.map(({ metadata }) => metadata.query),
];

describe('the manifests for Kubernetes', () => {
  it('are all YAML', () => {
    const files = readdirSync('deploy/kubernetes');
    expect(files).toHaveLength(3);
    for (const file of files) expect(read(file)).toBeTypeOf('object');
  });

  it('ask only for metrics and labels that an application exports (C5)', () => {
    expect(queries.flatMap((query) => unknownNames(query))).toEqual([]);
    const [metric] = hpa.spec.metrics.map(({ pods }) => pods.metric.name);
    expect(METRIC_NAMES).toContain(metric);
    expect(adapter.name.as).toBe(metric);
    expect(metric).toMatch(new RegExp(adapter.name.matches));
  });

  it('go by busy over max, up after 15 s and down after 300 s (C5)', () => {
    const { behavior } = scaledObject.spec.advanced.horizontalPodAutoscalerConfig;
    for (const { scaleUp, scaleDown } of [behavior, hpa.spec.behavior]) {
      expect([scaleUp.stabilizationWindowSeconds, scaleDown.stabilizationWindowSeconds]).toEqual([15, 300]);
    }
    expect(behavior).toEqual(hpa.spec.behavior);
    expect(queries[2]).toContain('pool_utilization_ratio');
  });

  it('keep the pods where Prometheus has no value: nothing known is not no load (C7)', () => {
    for (const { metadata } of scaledObject.spec.triggers) expect(metadata.ignoreNullValues).toBe('false');
  });

  it.skipIf(!promtool)('have no query that Prometheus cannot read', () => {
    expect(checkExpressions(queries)).toMatchObject({ ok: true });
  });
});
