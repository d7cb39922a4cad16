import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { alerts, RULES_FILE, rules } from '../support/alert-rules.js';
import { promqlNames } from '../support/promql-names.js';
import { checkExpressions, promtool, runPromtool } from '../support/promtool.js';

const page = readFileSync('docs/operations.md', 'utf8');

/** As GitHub makes the anchor of a heading. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\w\s-]/g, '')
    .trim()
    .replaceAll(' ', '-');
const anchorsIn = (text: string) => [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchorOf(heading!));
const fenced = (language: string) =>
  [...page.matchAll(new RegExp(`^( *)\`\`\`${language}\n([\\s\\S]*?)^ *\`\`\`$`, 'gm'))].map(([, indent, text]) =>
    text!.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  );

/** From a heading to the next one of the same level. */
function section(anchor: string): string {
  const sections = page.split(/^(?=## )/m);
  return sections.find((text) => anchorOf(/^## (.*)$/m.exec(text)?.[1] ?? '') === anchor) ?? '';
}

describe('docs/operations.md', () => {
  it.each(alerts)('tells of $alert what it means, what to look at, what to do and what not', ({ alert, ...rule }) => {
    const [file, anchor] = rule.annotations.runbook_url!.split('#');
    expect(file).toBe('docs/operations.md');
    const text = section(anchor!);
    expect(text).toContain(`\`${alert}\`, ${rule.labels.severity}: `);
    for (const part of ['- **What it means.** ', '- **Look at** ', '- **Do not** ']) expect(text).toContain(part);
    expect(text).toMatch(/^- \*\*Do(\.\*\*|\*\*,) /m);
    expect(page).toContain(`| [\`${alert}\`](#${anchor}) | ${rule.labels.severity} | `);
  });

  it('tells of no alert that there is not', () => {
    const named = [...page.matchAll(/\bPool[A-Z]\w+/g)].map(([name]) => name).filter((name) => !name.endsWith('Error'));
    expect([...new Set(named)].filter((name) => !alerts.some(({ alert }) => alert === name))).toEqual([]);
  });

  it('has a heading for each of its own links, and for those to the page on scaling', () => {
    const anchors = anchorsIn(page);
    expect([...page.matchAll(/\]\(#([^)]*)\)/g)].map(([, to]) => to).filter((to) => !anchors.includes(to!))).toEqual(
      [],
    );
    const elsewhere = anchorsIn(readFileSync('docs/scaling.md', 'utf8'));
    const links = [...page.matchAll(/\]\(scaling\.md#([^)]*)\)/g)].map(([, to]) => to!);
    expect(links.length).toBeGreaterThan(0);
    expect(links.filter((to) => !elsewhere.includes(to))).toEqual([]);
  });

  it('says when not to scale: steady load, wrong signal, no evidence, a sick downstream (C7)', () => {
    const text = section('when-not-to-scale');
    for (const why of ['the load is steady', 'the wrong signal', 'no evidence', 'a sick downstream']) {
      expect(text).toContain(`| ${why}`);
    }
  });

  it('uses commands that there are', () => {
    const used = [...page.matchAll(/npx dynamic-pool ([a-z]+)/g)].map(([, command]) => command!);
    const contract =
      'ls top describe scale auto pause resume drain explain events policy quarantine simulate size'.split(' ');
    expect(used.filter((command) => !contract.includes(command))).toEqual([]);
    expect(page).toMatch(/dynamic-pool scale \S+ \d+ --for \d+[mh] --reason "/);
  });

  it('shows YAML and JSON that can be read', () => {
    const yaml = fenced('yaml').map((text) => parse(text) as Record<string, unknown>);
    expect(yaml.map((each) => Object.keys(each)[0])).toEqual(['global', 'route', 'pools']);
    const [line] = fenced('json').map((text) => JSON.parse(text) as Record<string, unknown>);
    expect(line).toMatchObject({ event: 'resized', by: 'autoscaler' });
  });

  it('makes a PrometheusRule of the rules by indenting them', () => {
    const head = /printf '([^']*)'/.exec(page)![1]!.replaceAll(String.raw`\n`, '\n');
    const body = readFileSync(RULES_FILE, 'utf8').replaceAll(/^/gm, '  ');
    expect(parse(head + body)).toMatchObject({ kind: 'PrometheusRule', spec: { groups: [{ name: 'dynamic-pool' }] } });
  });

  it('renames every metric for an application with a prefix, and nothing else', () => {
    const prefixed = (text: string) => text.replaceAll(/\bpool_/g, 'shop_pool_');
    const records = rules.flatMap(({ record }) => record ?? []);
    for (const { expr } of rules) {
      const metrics = promqlNames(prefixed(expr)).selectors.map(({ metric }) => metric);
      const others = metrics.filter((metric) => !/^shop_pool_[a-z]/.test(metric));
      expect(others.filter((metric) => metric !== 'up' && !records.includes(metric))).toEqual([]);
    }
    expect(records.filter((record) => prefixed(record) !== record)).toEqual([]);
    if (promtool) expect(checkExpressions(rules.map(({ expr }) => prefixed(expr)))).toMatchObject({ ok: true });
  });

  it.skipIf(!promtool)('shows a configuration of Prometheus that loads', () => {
    const folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'prometheus.yml'), fenced('yaml')[0]!);
    copyFileSync(RULES_FILE, join(folder, basename(RULES_FILE)));
    expect(runPromtool(['check', 'config', join(folder, 'prometheus.yml')])).toMatchObject({ ok: true });
  });
});
