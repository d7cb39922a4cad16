import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

export const RULES_FILE = 'deploy/prometheus/dynamic-pool.rules.yml';

interface Rule {
  readonly expr: string;
  readonly record?: string;
  readonly alert?: string;
}

interface AlertRule extends Rule {
  readonly alert: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

const file = parse(readFileSync(RULES_FILE, 'utf8')) as { groups: readonly { rules: readonly Rule[] }[] };

/** All rules that ship, in their order. */
export const rules: readonly Rule[] = file.groups.flatMap((group) => group.rules);
export const alerts = rules.filter((rule): rule is AlertRule => rule.alert !== undefined);
