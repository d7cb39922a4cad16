import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

/** What a script of test/fixtures/scripts prints, line by line; it must exit by itself, with code 0. */
async function run(script: string): Promise<string[]> {
  const file = fileURLToPath(new URL(`../../fixtures/scripts/${script}.js`, import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [file], { timeout: 15_000 });
  return stdout.trim().split('\n');
}

describe.concurrent('a process', () => {
  it('is not held by a pool that idles', async () => {
    expect(await run('unclosed-pool')).toEqual(['sum 3', 'idle 2']);
  });

  it('is not held by a pool that nobody uses, even one that cannot boot', async () => {
    expect(await run('unused-pool')).toEqual(['created']);
  });

  it('stays for work that was accepted', async () => {
    expect(await run('pending-work')).toEqual(['slept 30', 'slept 20', 'slept 10']);
  });

  it('stays until whoever waits for a pool that cannot boot was told', async () => {
    expect(await run('broken-pool')).toEqual([
      'ready WorkerCrashedError',
      'run WorkerCrashedError',
      'resize WorkerCrashedError',
    ]);
  });

  it('stays until its pools are closed, whatever their workers do', async () => {
    expect(await run('closing')).toEqual([
      'closed while booting',
      'closed while idle',
      'PoolClosedError',
      'closed while stuck',
    ]);
  });
});
