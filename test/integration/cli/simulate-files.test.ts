import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { program } from '../../support/cli-process.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'simulate-'));
});

afterAll(() => rm(folder, { recursive: true }));

it('simulate reads a trace and a policy from files, and writes a picture (O4)', async () => {
  const [policy, svg] = [path.join(folder, 'policy.json'), path.join(folder, 'run.svg')];
  await writeFile(policy, '{ "preset": "thrifty", "guards": [{ "type": "bounds", "max": 3 }] }\n');
  const trace = 'test/fixtures/load/requests.csv';
  const ran = await program([
    'simulate',
    '--trace',
    trace,
    '--policy',
    `@${policy}`,
    '--mean',
    '20',
    '--svg',
    svg,
    '--json',
  ]);
  expect(ran).toMatchObject({ code: 0, err: '' });
  expect(JSON.parse(ran.out)).toMatchObject({ load: 'requests.csv', policy: expect.stringContaining('"max":3') });
  expect(JSON.parse(ran.out).largestSize).toBeLessThanOrEqual(3);
  expect(await readFile(svg, 'utf8')).toMatch(/^<svg [^]*<title>requests.csv, \{/);
});

it('a file that is no policy is told by its name, with exit code 2', async () => {
  const file = path.join(folder, 'broken.json');
  await writeFile(file, '{ "preset": ');
  expect(await program(['simulate', '--policy', `@${file}`])).toMatchObject({
    code: 2,
    err: expect.stringContaining(`${file} is not JSON: `),
  });
});
