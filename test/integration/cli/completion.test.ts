import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../lib/cli/commands/index.js';
import { adminServer, type AdminServer } from '../../support/admin-server.js';
import { PROGRAM, program } from '../../support/cli-process.js';
import { poolView } from '../../support/pool-views.js';

const run = promisify(execFile);
const HOSTILE = '$(touch pwned)`touch pwned`;touch pwned';
let folder: string;
let server: AdminServer;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'completion-'));
  server = await adminServer({ pools: [poolView(), poolView({ name: 'imports' }), poolView({ name: HOSTILE })] });
  const script = `#!/bin/sh\nexec "${process.execPath}" "${path.resolve(PROGRAM)}" "$@"\n`;
  await writeFile(path.join(folder, 'dynamic-pool'), script);
  await chmod(path.join(folder, 'dynamic-pool'), 0o755);
  await writeFile(path.join(folder, 'completion.bash'), (await program(['completion', 'bash'])).out);
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** What a real bash would offer for these words, the last of which is being written. */
async function offered(words: readonly string[], url = server.url): Promise<string[]> {
  const line = `source completion.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _dynamic_pool; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = await run(
    'bash',
    ['--norc', '--noprofile', '-c', line, 'bash', 'dynamic-pool', ...words],
    {
      cwd: folder,
      env: { PATH: `${folder}:${process.env['PATH']}`, DYNAMIC_POOL_URL: url },
    },
  );
  expect(stderr).toBe('');
  return stdout.split('\n').filter((word) => word !== '');
}

describe('completion in bash (O4)', () => {
  it('offers commands, options and words', async () => {
    expect(await offered(['de'])).toEqual(['describe']);
    expect(await offered([''])).toEqual([...COMMANDS.map(({ name }) => name), '--help', '--version']);
    expect(await offered(['scale', 'images', '4', '--r'])).toEqual(['--reason']);
    expect(await offered(['simulate', '--load', 'sp'])).toEqual(['spikes']);
    expect(await offered(['policy', 'images', '--set', 'th'])).toEqual(['thrifty']);
    expect(await offered(['completion', ''])).toEqual(['bash', 'zsh', 'fish']);
    expect(await offered(['scale', 'images', '4', '--reason', ''])).toEqual([]);
  });

  it('offers names of pools, and runs nothing that is in them', async () => {
    expect(await offered(['describe', 'im'])).toEqual(['images', 'imports']);
    expect(await offered(['events', '--pool', 'ima'])).toEqual(['images']);
    const [word] = await offered(['pause', '$']);
    const { stdout } = await run('bash', ['--norc', '--noprofile', '-c', `printf %s ${word}`], { cwd: folder });
    expect(stdout).toBe(HOSTILE);
    expect(await readdir(folder)).not.toContain('pwned');
  });

  it('is silent where the application is not there', async () => {
    expect(await offered(['describe', ''], 'http://127.0.0.1:1')).toEqual([]);
  });
});

describe('completion in other shells (O4)', () => {
  it.each(['zsh', 'fish'])('%s: names every command and option, and no name of a pool is expanded', async (shell) => {
    const { code, out } = await program(['completion', shell]);
    expect(code).toBe(0);
    for (const { name, options } of COMMANDS) {
      expect(out).toContain(name);
      for (const option of Object.keys(options))
        expect(out).toContain(shell === 'fish' ? `-l ${option} ` : `--${option}[`);
    }
    expect(out).not.toContain('eval');
  });
});
