import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from './debian-tools.js';

/** `null` where it is not installed. */
export const promtool = findProgram('promtool');

export function runPromtool(args: readonly string[]): { ok: boolean; output: string } {
  const { status, stdout, stderr } = spawnSync(promtool!, args, { encoding: 'utf8', timeout: 60_000 });
  return { ok: status === 0, output: `${stdout}${stderr}` };
}

/** Whether Prometheus can read all of them: it checks the expressions of a rule file, so they are put into one. */
export function checkExpressions(expressions: readonly string[]): { ok: boolean; output: string } {
  const folder = mkdtempSync(join(tmpdir(), 'promtool-'));
  try {
    const file = join(folder, 'rules.yml');
    const rules = expressions.map((expr, index) => ({ record: `query:number:${index}`, expr }));
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'queries', rules }] })); // JSON is YAML
    return runPromtool(['check', 'rules', file]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
