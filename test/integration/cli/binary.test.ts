import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const run = promisify(execFile);
const { bin, files } = JSON.parse(readFileSync('package.json', 'utf8'));
const program = bin['dynamic-pool'] as string;

describe('the binary dynamic-pool (O4)', () => {
  it('is in the package, and runs as a program', async () => {
    expect(files.some((folder: string) => program.startsWith(`${folder}/`))).toBe(true);
    expect(readFileSync(program, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
    const { stdout, stderr } = await run(program, [
      'size',
      '--rate',
      '40',
      '--peak',
      '200',
      '--service',
      '50',
      '--json',
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ min: 4, max: 12 });
    expect(stderr).toBe('');
  });

  it('exits with 2 for wrong usage, and leaves stdout to results', async () => {
    await expect(run(process.execPath, [program, 'siez'])).rejects.toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining("Did you mean 'size'?"),
    });
  });

  it('does not mind a reader that leaves', async () => {
    const child = spawn(process.execPath, [program, 'size', '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let told = '';
    child.stderr.on('data', (chunk: Buffer) => void (told += chunk.toString()));
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(told).toBe('');
  });
});
