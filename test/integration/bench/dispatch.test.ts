import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { rows } from '../../../bench/dispatch/rows.js';

const run = promisify(execFile);
const MAIN = 'dist/bench/main.js';

/** One round of tiny slices of one row. */
async function bench(workload: string, ...more: string[]): Promise<string> {
  const options = ['--json', '--rounds', '1', '--slice', '10', '--only', workload, ...more];
  const { stdout } = await run(process.execPath, [MAIN, 'dispatch', ...options]);
  return stdout;
}

async function rowOf(workload: string): Promise<unknown> {
  const { rows, ...rest } = JSON.parse(await bench(workload));
  expect(rest).toEqual({ node: process.version, threads: 2, rounds: 1 });
  expect(rows).toHaveLength(1);
  return rows[0];
}

describe('npm run bench -- dispatch --json', () => {
  it.each(['async no-op, window 64', 'through @PooledTask, window 64'])(
    'has every contender in the row "%s"',
    async (workload) => {
      const plan = rows.find((row) => row.workload === workload)!;
      const row = await rowOf(workload);
      expect(row).toEqual({
        workload,
        unit: 'tasks/s',
        ours: expect.any(Number),
        peers: Object.fromEntries(plan.peers.map(({ name }) => [name, expect.any(Number)])),
        fastestPeer: expect.toBeOneOf(plan.peers.map(({ name }) => name)),
        ratio: expect.any(Number),
        limit: expect.any(Number),
        p50us: expect.any(Number),
        p99us: expect.any(Number),
      });
    },
  );

  it('fails with the name of a contender whose process dies, and with what it wrote', async () => {
    const failure = expect.stringMatching(/The process of 'ours' ended with 1[\s\S]*PoolConfigError[\s\S]*9999/);
    await expect(bench('async no-op', '--threads', '9999')).rejects.toMatchObject({ code: 1, stderr: failure });
  });
});
