import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JUDGED_POLICIES } from '../../../lib/simulator/judged-policy.js';
import type { ReportRow } from '../../../lib/simulator/report.js';

const run = promisify(execFile);
const MAIN = 'dist/bench/main.js';
let folder: string;
let trace: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bench-scaling-'));
  trace = path.join(folder, 'two-minutes.csv');
  const counts = Array.from({ length: 120 }, (_, second) => (second % 40 < 20 ? 10 : 50));
  await writeFile(trace, `requests_per_1s\n${counts.join('\n')}\n`);
});

afterAll(() => rm(folder, { recursive: true }));

async function bench(...options: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [MAIN, 'scaling', ...options]);
  return stdout;
}

const figure = expect.toSatisfy((value: unknown) => typeof value === 'number' && value >= 0 && value < Infinity);

describe('npm run bench -- scaling --json', () => {
  it('has a row for each policy and seed of the load, the same each time, and draws it', async () => {
    const options = ['--json', '--trace', trace, '--only', 'two-minutes', '--seeds', '2', '--mean', '60'];
    const [printed, again] = await Promise.all([
      bench(...options, '--svg', path.join(folder, 'svg')),
      bench(...options),
    ]);
    expect(again).toBe(printed);

    const { rows, ...rest } = JSON.parse(printed) as { rows: ReportRow[] };
    expect(rest).toEqual({ mean: 60, seeds: 2 });
    const expected = [1, 2].flatMap((seed) => JUDGED_POLICIES.map(({ name }) => `${name} ${seed}`));
    expect(rows.map(({ policy, seed }) => `${policy} ${seed}`)).toEqual(expected);
    for (const row of rows) {
      expect(row).toEqual({
        load: 'two-minutes',
        class: 'smooth',
        policy: expect.any(String),
        seed: expect.any(Number),
        missPct: figure,
        costOverOracle: figure,
        costAtEqualMisses: figure,
        resizesPerHour: figure,
        reversalsPerHour: figure,
        p99WaitMs: figure,
        meanSize: figure,
      });
      expect(row.missPct).toBeLessThanOrEqual(100);
      expect(row.reversalsPerHour).toBeLessThanOrEqual(row.resizesPerHour);
    }
    // Nobody who misses no more than the oracle is cheaper by much: it knows the load.
    for (const row of rows.filter(({ missPct }) => missPct <= 1)) expect(row.costOverOracle).toBeGreaterThan(0.9);

    const svg = await readFile(path.join(folder, 'svg', 'two-minutes.svg'), 'utf8');
    expect(svg).toMatch(/^<svg [^>]+>\s*<title>two-minutes, balanced<\/title>/);
  });
});

describe('npm run bench -- scaling --trace', () => {
  const refused = (...options: string[]) =>
    bench('--only', 'no-such-load', ...options).then(
      () => null,
      ({ code, stderr }: { code: number; stderr: string }) => ({ code, stderr: stderr.trim() }),
    );

  it('says which file is missing', async () => {
    const missing = path.join(folder, 'no-such-load.csv');
    expect(await refused('--trace', missing)).toEqual({ code: 2, stderr: `trace ${missing}: there is no such file` });
  });

  it('says which line of a file is wrong', async () => {
    const wrong = path.join(folder, 'no-such-load-b.csv');
    await writeFile(wrong, 'requests_per_1s\n3\n4\nmany\n5\n');
    const { code, stderr } = (await refused('--trace', wrong))!;
    expect(code).toBe(2);
    expect(stderr).toContain(wrong);
    expect(stderr).toContain('line 4');
    expect(stderr).toContain('"many"');
    expect(stderr).not.toContain('    at ');
  });

  it('says that no load has the name, and that two have the same', async () => {
    expect(await refused()).toEqual({ code: 2, stderr: "No load has 'no-such-load' in its name." });
    expect((await refused('--trace', trace, '--trace', trace))!.stderr).toContain(
      "another load is called 'two-minutes'",
    );
  });

  it('shows how it is used', async () => {
    expect((await refused('--seeds', '0'))!.stderr).toMatch(/usage: .*\n.*scaling .*\[--trace FILE\]\.\.\./);
    expect((await refused('--mean', '0'))!.code).toBe(2);
  });
});
