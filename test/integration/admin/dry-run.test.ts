import { readdir } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { DryRunner } from '../../../lib/admin/dry-run/dry-runner.js';
import type { DryRunOptions } from '../../../lib/admin/dry-run/dry-run-options.js';
import { HistoryRecorder } from '../../../lib/admin/history/history-recorder.js';
import { fakeService } from '../../support/fake-service.js';

const EPOCH = 1_700_000_000_000;
const NEVER_ENDS = new URL('../../fixtures/never-ends.js', import.meta.url);

/** A pool of one worker, and the record of tasks that came in bursts, each of which took 100 ms. */
async function runner(options: DryRunOptions = {}, seconds = 120) {
  const { service, clock, engines } = await fakeService({ images: { size: { min: 1, max: 8 }, scaling: 'thrifty' } });
  const history = new HistoryRecorder(service, { clock, epoch: () => EPOCH + clock.now() });
  history.onModuleInit();
  for (let second = 0; second < seconds; second++) {
    for (let call = 0; call < (second % 40 < 20 ? 30 : 2); call++) void service.get('images').run('work');
    for (let tenth = 0; tenth < 10; tenth++) {
      await clock.advance(100);
      for (const worker of engines.get('images')!.workers) if (worker.started.length > 0) worker.end('done');
    }
  }
  const dryRunner = new DryRunner(service, history, options);
  onTestFinished(() => {
    history.onModuleDestroy();
    return dryRunner.onModuleDestroy();
  });
  return { dryRunner, history };
}

const resources = () => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;

test('tells what another policy would have done with the last minutes, beside the present one', async () => {
  const { dryRunner, history } = await runner();
  const ports = resources();
  const result = await dryRunner.run('images', { policy: { preset: 'latency' }, minutes: 2 });
  const arrived = history.samples('images', 120_000).reduce((sum, sample) => sum + sample.arrived, 0);
  expect(result).toMatchObject({
    pool: 'images',
    from: EPOCH,
    to: EPOCH + 120_000,
    tasks: arrived,
    objectiveMs: 100,
    present: { policy: 'thrifty' },
    proposed: { policy: { preset: 'latency' } },
  });
  for (const { lateShare, workerSeconds, series } of [result.present, result.proposed]) {
    expect(lateShare).toBeGreaterThanOrEqual(0);
    expect(lateShare).toBeLessThan(1);
    expect([series.at.length, series.at[0], series.at.at(-1)]).toEqual([121, EPOCH, EPOCH + 120_000]);
    expect(series.size.every((size) => size >= 1 && size <= 8)).toBe(true);
    const drawn = series.size.reduce((sum, size) => sum + size, 0);
    expect(drawn / workerSeconds).toBeCloseTo(1, 0);
  }
  expect(result.present.resizes + result.proposed.resizes).toBeGreaterThan(0);
  expect(result.proposed.workerSeconds).toBeGreaterThan(result.present.workerSeconds);
  expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  expect(resources()).toBe(ports);
  expect(await dryRunner.run('images', { policy: { preset: 'latency' }, minutes: 2 })).toEqual(result);
});

test('there is one at a time, and the next may follow', async () => {
  const { dryRunner } = await runner({}, 40);
  const first = dryRunner.run('images', { policy: 'balanced' });
  await expect(dryRunner.run('images', { policy: 'balanced' })).rejects.toMatchObject({
    code: 'DRY_RUN_BUSY',
    message: expect.stringContaining('one at a time'),
  });
  await first;
  await expect(dryRunner.run('images', { policy: 'balanced' })).resolves.toMatchObject({ pool: 'images' });
});

test('one that takes too long is ended, and so is one that runs when the application stops', async () => {
  const slow = await runner({ entry: NEVER_ENDS, deadlineMs: 300 }, 40);
  const ports = resources();
  await expect(slow.dryRunner.run('images', { policy: 'balanced' })).rejects.toMatchObject({
    code: 'DRY_RUN_TIMEOUT',
    message: expect.stringContaining('fewer minutes'),
  });
  const run = slow.dryRunner.run('images', { policy: 'balanced' });
  const refused = run.catch(() => 'refused');
  await slow.dryRunner.onModuleDestroy();
  // Whatever else closes the application may go by that.
  expect(resources()).toBe(ports);
  expect(await refused).toBe('refused');
  await expect(run).rejects.toMatchObject({ code: 'DRY_RUN_STOPPED' });
  await expect(slow.dryRunner.run('images', { policy: 'balanced' })).rejects.toMatchObject({ code: 'DRY_RUN_STOPPED' });
  expect(resources()).toBe(ports);
});

test('a thread that fails is told as such', async () => {
  const { dryRunner } = await runner({ entry: new URL('../../fixtures/no-such-file.js', import.meta.url) }, 40);
  await expect(dryRunner.run('images', { policy: 'balanced' })).rejects.toMatchObject({ code: 'DRY_RUN_FAILED' });
});

test('a bad request is refused before any thread starts', async () => {
  const { dryRunner } = await runner({ entry: NEVER_ENDS }, 1);
  await expect(dryRunner.run('images', { policy: 'balancd' })).rejects.toThrow("Did you mean 'balanced'?");
  await expect(dryRunner.run('image', { policy: 'balanced' })).rejects.toMatchObject({ code: 'POOL_NOT_FOUND' });
  await expect(dryRunner.run('images', { policy: 'balanced' })).rejects.toMatchObject({ code: 'DRY_RUN_NO_HISTORY' });
});

test('the bundle has the file of the thread where the runner looks for it', async () => {
  expect(await readdir('dist/bundle/worker')).toContain('dry-run-entry.js');
  const packed = new URL('worker/dry-run-entry.js', new URL(`file://${process.cwd()}/dist/bundle/`));
  const { dryRunner } = await runner({ entry: packed }, 40);
  await expect(dryRunner.run('images', { policy: 'balanced' })).resolves.toMatchObject({ pool: 'images' });
});
