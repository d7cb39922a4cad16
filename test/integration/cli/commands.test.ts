import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PoolView } from '../../../lib/core/contract/operation.js';
import { type AdminServer, adminServer } from '../../support/admin-server.js';
import { program, TOKEN } from '../../support/cli-process.js';
import { decision, poolView, quarantineEntry } from '../../support/pool-views.js';

const HOSTILE = '$(touch pwned)\u001b]0;title\u0007\u009b31m\u202e\n`id`';
const pools: PoolView[] = [poolView(), poolView({ name: '画像 🎉' }), poolView({ name: HOSTILE, state: 'paused' })];
let server: AdminServer;
const cli = (...args: string[]) => program(args, { DYNAMIC_POOL_URL: server.url });
const last = () => server.heard.at(-1)!;

beforeAll(async () => {
  server = await adminServer({ pools, roles: { [TOKEN]: 'operator' } });
});

afterAll(() => server[Symbol.asyncDispose]());

describe('the binary and a running application (O4)', () => {
  it('ls: lists the pools, in columns for people, whole for programs', async () => {
    const { code, out, err } = await cli('ls');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^POOL +STATE +SIZE/);
    expect(out).toMatch(/^images +open +4 +4 +1-8 +3 +2 +84ms +up$/m);
    expect(JSON.parse((await cli('ls', '--json')).out)).toEqual(pools);
    expect((await cli('ls', '--names')).out.split('\n')).toHaveLength(4);
  });

  it('shows nothing that a terminal would obey, whatever pools are called, and names them right', async () => {
    for (const args of [
      ['ls'],
      ['ls', '--names'],
      ['ls', '--json'],
      ['top', '--once'],
      ['describe', HOSTILE],
      ['explain', HOSTILE],
      ['events'],
    ]) {
      const { code, out, err } = await cli(...args);
      expect({ args, code, err }).toEqual({ args, code: 0, err: '' });
      expect(out.replaceAll('\n', ''), args[0]).not.toMatch(/[\p{Cc}\u2028\u202e]/u);
      expect(out.length).toBeGreaterThan(10);
    }
    const { code, out } = await cli('resume', HOSTILE);
    expect(code).toBe(0);
    expect(out).not.toContain('\u001b');
    expect(decodeURIComponent(last().path)).toBe(`/pools/${HOSTILE}/resume`);
  });

  it('describe: tells of queue, tasks and workers', async () => {
    const { out } = await cli('describe', '画像 🎉');
    expect(out).toMatch(/^画像 🎉 {2}open {2}up\n/);
    expect(out).toMatch(/^queue +2 of 10,000, the oldest for 12ms$/m);
    expect(out).toMatch(/^Images.thumbnail +1,190 +9 +51ms$/m);
    expect(JSON.parse((await cli('describe', 'images', '--json')).out)).toEqual(pools[0]);
  });

  it('scale: pins a size with reason, owner and time; auto releases it (A4)', async () => {
    const pinned = await cli('scale', 'images', '8', '--for', '1h30m', '--reason', 'sale at noon', '--owner', 'ada');
    expect(pinned).toMatchObject({ code: 0, err: '' });
    expect(pinned.out).toContain('images: pinned to 8 by ada until 13:30:00, 1h30m more: sale at noon.\n');
    expect(last()).toMatchObject({
      method: 'PUT',
      path: '/pools/images/override',
      body: { size: 8, forMs: 5_400_000, reason: 'sale at noon', owner: 'ada' },
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    expect((await cli('ls')).out).toContain('pinned to 8 by ada, 1h30m more');
    expect((await cli('auto', 'images')).out).toContain('images: not pinned; its autoscaler decides.');
    expect(last()).toMatchObject({ method: 'DELETE', path: '/pools/images/override', body: undefined });
  });

  it.each([
    ['pause', 'paused'],
    ['drain', 'draining'],
    ['resume', 'open'],
  ])('%s: makes the pool %s', async (command, state) => {
    expect(await cli(command, 'images')).toMatchObject({ code: 0, out: expect.stringContaining(`images: ${state}.`) });
    expect(JSON.parse((await cli(command, 'images', '--json')).out)).toMatchObject({ name: 'images', state });
    expect(last()).toMatchObject({ method: 'POST', path: `/pools/images/${command}` });
  });

  it('explain: tells why, and the last decisions (A6)', async () => {
    const { out } = await cli('explain', 'images', '--last', '1');
    expect(out.replaceAll('\n', ' ')).toContain(
      'Its latest resize, 2m ago: grew from 2 to 4. Why: 41 tasks/s of 51 ms',
    );
    expect(out).toContain('The last decision:\n\n11:58:00, 2m ago: grew from 2 to 4.');
    expect(JSON.parse((await cli('explain', 'images', '--json')).out)).toMatchObject({
      pool: { name: 'images' },
      decisions: [decision()],
    });
  });

  it('policy: shows one, tries one, sets one (A5)', async () => {
    expect((await cli('policy', 'images')).out).toBe(
      'balanced\nobjective: 99 of 100 tasks wait no longer than 100ms\n',
    );
    const tried = await cli('policy', 'images', '--set', 'thrifty', '--dry-run', '10');
    expect(tried.out).toContain('Nothing was changed.');
    expect(tried.out).toContain('The proposed policy: 25 % cheaper, 100 % more tasks late.');
    expect(last()).toMatchObject({
      method: 'POST',
      path: '/pools/images/dry-run',
      body: { policy: 'thrifty', minutes: 10 },
    });
    const parts = '{"preset":"thrifty","guards":[{"type":"bounds","max":6}]}';
    expect((await cli('policy', 'images', '--set', parts)).out).toBe(
      `images: its policy is ${parts}, from the next tick on.\n`,
    );
    expect(last()).toMatchObject({
      method: 'PATCH',
      path: '/pools/images/policy',
      body: { policy: JSON.parse(parts) },
    });
    expect(JSON.parse((await cli('policy', 'images', '--json')).out)).toEqual({
      pool: 'images',
      policy: JSON.parse(parts),
      objectiveMs: 100,
    });
    await cli('policy', 'images', '--set', 'balanced');
  });

  it('quarantine: lists what is in there, releases one, or all (P9)', async () => {
    const entries = [quarantineEntry(), quarantineEntry({ id: 5, task: HOSTILE })];
    await using other = await adminServer({ quarantine: entries, roles: { [TOKEN]: 'operator' } });
    const asked = (...args: string[]) => program(['quarantine', 'images', ...args], { DYNAMIC_POOL_URL: other.url });
    const { code, out, err } = await asked();
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^ID +TASK +CRASHES +SINCE +LAST EXIT$/m);
    expect(out).toMatch(/^ 3 +Images\.thumbnail +3 +11:48:00, 12m ago +worker 9 \(thread 11\) exited with code 1 /m);
    expect(out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u2028\u202e]/u);
    expect(other.heard.at(-1)).toMatchObject({ method: 'GET', path: '/pools/images/quarantine?limit=1000' });
    expect(JSON.parse((await asked('--json')).out)).toMatchObject({ pool: 'images', total: 2, entries });

    expect(await asked('--release', '7')).toMatchObject({ code: 3, out: '', err: expect.stringContaining('(404)') });
    const released = await asked('--release', '5', '--reason', 'parser mended');
    expect(released).toMatchObject({ code: 0, err: '' });
    expect(released.out).toContain('images: 1 task released; 1 still in quarantine.\n');
    expect(other.heard.at(-1)).toMatchObject({
      method: 'POST',
      path: '/pools/images/quarantine/release',
      body: { id: 5, reason: 'parser mended' },
    });
    expect(JSON.parse((await asked('--release', 'all', '--json')).out)).toMatchObject({ count: 1, left: 0 });
    expect(other.heard.at(-1)!.body).toEqual({});
    expect((await asked('--release', 'all')).out).toBe('images: nothing was in quarantine.\n');
    expect((await asked()).out).toBe('images: nothing is in quarantine.\n');
  });

  it('top --once: prints the table once, with the course of load and size', async () => {
    const { code, out } = await cli('top', '--once');
    expect(code).toBe(0);
    expect(out).toMatch(/^images +open +up +3 +2 +84ms +40 +▁▅█ +4\/8 +▂▃▅$/m);
    expect((await cli('top')).out).toBe(out);
  });

  it('finds the API where the URL has no path', async () => {
    expect(await program(['ls', '--url', new URL('/', server.url).href])).toMatchObject({ code: 0 });
  });
});

describe('simulate, offline (O4)', () => {
  it('prints the same report for the same options, for people and for programs', async () => {
    const args = [
      'simulate',
      '--load',
      'step',
      '--minutes',
      '2',
      '--policy',
      'latency',
      '--max',
      '16',
      '--service',
      '20ms',
    ];
    const { code, out, err } = await program(args);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(
      /^step, policy latency, [\d,]+ tasks in 2m, seed 1\n {2}late .* waited over 100ms\n {2}wait .* p99 .*\n {2}cost .*\n {2}resizes \d+/,
    );
    const report = JSON.parse((await program([...args, '--json'])).out);
    expect(report).toMatchObject({ load: 'step', policy: 'latency', minutes: 2, objectiveMs: 100, faults: [] });
    expect(report.largestSize).toBeLessThanOrEqual(16);
    expect(JSON.parse((await program([...args, '--json'])).out)).toEqual(report);
    expect(JSON.parse((await program([...args, '--json', '--seed', '2'])).out).tasks).not.toBe(report.tasks);
  });

  it('says that a picture cannot be written, with exit code 1', async () => {
    const { code, err } = await program(['simulate', '--minutes', '1', '--svg', 'no-such-folder/x.svg']);
    expect(code).toBe(1);
    expect(err).toContain("cannot write 'no-such-folder/x.svg'");
  });
});
