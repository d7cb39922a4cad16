import { describe, expect, it } from 'vitest';
import { program } from '../../support/cli-process.js';
import { ADAPTERS, roleOf, slots, startAdmin, TokenGuard } from '../admin/support.js';

const NAME = '画像 $(id)\u001b[2J';

describe.each(ADAPTERS)('the binary and an application on %s (O4)', (adapter) => {
  it('reads and steers its pools as the application itself sees them', async () => {
    const { pools, port } = await startAdmin(adapter, {
      pools: { images: slots({ scaling: { policy: 'balanced' } }), [NAME]: slots() },
      // More is asked here than a person asks.
      admin: { guards: [TokenGuard], role: roleOf, rateLimit: false },
    });
    const env = { DYNAMIC_POOL_URL: `http://127.0.0.1:${port}`, DYNAMIC_POOL_TOKEN: 'operator-token' };
    const cli = async (...args: string[]) => {
      const ended = await program(args, env);
      expect(ended, args.join(' ')).toMatchObject({ code: 0, err: '' });
      expect(ended.out).not.toContain('operator-token');
      expect(ended.out).not.toContain('\u001b');
      return ended.out;
    };
    await Promise.all(Array.from({ length: 20 }, () => pools.get('images').run('nap', [1])));

    expect(await cli('ls', '--names')).toBe('images\n画像 $(id)\ufffd[2J\n');
    expect(await cli('describe', 'images')).toMatch(/^tasks +20 submitted, 20 completed, 0 failed/m);
    expect(await cli('top', '--once')).toMatch(/^images +open +up/m);

    expect(await cli('scale', 'images', '5', '--for', '10m', '--reason', 'sale', '--owner', 'ada')).toContain(
      'pinned to 5 by ada',
    );
    expect(pools.snapshot('images')).toMatchObject({ target: 5, override: { size: 5, owner: 'ada', reason: 'sale' } });
    expect((await cli('explain', 'images')).replaceAll('\n', ' ')).toContain('ada pinned the size to 5 for another');
    await cli('auto', 'images');
    expect(pools.snapshot('images').override).toBeNull();

    for (const [command, state] of [
      ['pause', 'paused'],
      ['resume', 'open'],
      ['drain', 'draining'],
      ['resume', 'open'],
    ] as const) {
      await cli(command, NAME);
      expect(pools.snapshot(NAME).state).toBe(state);
    }

    expect(await cli('policy', 'images')).toContain('balanced\n');
    // The application is too young for a dry run, says so, and has changed nothing.
    const tried = await program(['policy', 'images', '--set', 'thrifty', '--dry-run', '1'], env);
    expect(tried).toMatchObject({ code: 3, err: expect.stringMatching(/a dry run needs \d+.*\(409\)/) });
    expect(pools.policy('images')).toBe('balanced');
    await cli('policy', 'images', '--set', '{"preset":"thrifty","guards":[{"type":"bounds","max":6}]}');
    expect(pools.policy('images')).toMatchObject({ preset: 'thrifty' });

    const told = (await cli('events', '--json'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(told.filter(({ event }) => event === 'snapshot').map(({ pool }) => pool)).toEqual(['images', NAME]);
  }, 120_000);

  it('lists and releases tasks that made their workers exit (P9)', async () => {
    const { pools, port, audit } = await startAdmin(adapter, {
      pools: {
        images: {
          size: { max: 1 },
          scaling: false,
          quarantine: { afterCrashes: 1 },
          tasks: new URL('../../fixtures/tasks/crashes.js', import.meta.url),
        },
      },
    });
    const cli = (role: string, ...args: string[]) =>
      program(['quarantine', 'images', ...args], {
        DYNAMIC_POOL_URL: `http://127.0.0.1:${port}`,
        DYNAMIC_POOL_TOKEN: `${role}-token`,
      });
    const ids = () => pools.quarantined('images').map(({ id }) => id);
    for (const code of [5, 6, 7])
      await expect(pools.get('images').run('exit', [code])).rejects.toThrow('in quarantine');
    expect(ids()).toEqual([1, 2, 3]);

    const listed = await cli('viewer');
    expect(listed).toMatchObject({ code: 0, err: '' });
    expect(listed.out).toMatch(
      /^ 2 +exit +1 +\S+, .+ +worker \d+ \(thread \d+\) exited with code 6 while it ran 'exit'\.$/m,
    );
    const refusals = [await cli('viewer', '--release', 'all'), await cli('operator', '--release', '9')];
    expect(refusals).toMatchObject([
      { code: 3, out: '', err: expect.stringContaining('(403)') },
      { code: 3, out: '', err: expect.stringContaining('In quarantine: 1, 2, 3. (404)') },
    ]);
    expect(ids()).toEqual([1, 2, 3]);

    const one = await cli('operator', '--release', '2', '--reason', 'mended');
    expect(one).toMatchObject({ code: 0, out: expect.stringContaining('1 task released; 2 still in quarantine.') });
    expect(ids()).toEqual([1, 3]);
    expect(audit().at(-1)).toMatchObject({ reason: 'mended', released: [{ id: 2, task: 'exit' }] });
    const all = await cli('operator', '--release', 'all', '--json');
    expect(all.code).toBe(0);
    expect(JSON.parse(all.out)).toMatchObject({ pool: 'images', count: 2, released: [{ id: 1 }, { id: 3 }], left: 0 });
    expect(ids()).toEqual([]);
    expect((await cli('viewer')).out).toBe('images: nothing is in quarantine.\n');
  }, 120_000);

  it('hears its refusals', async () => {
    const { port } = await startAdmin(adapter);
    const cli = (token: string, ...args: string[]) =>
      program(args, { DYNAMIC_POOL_URL: `http://127.0.0.1:${port}`, DYNAMIC_POOL_TOKEN: token });
    expect(await cli('', 'ls')).toMatchObject({ code: 3, err: expect.stringContaining('(401)') });
    expect(await cli('viewer-token', 'pause', 'images')).toMatchObject({
      code: 3,
      err: expect.stringContaining('(403)'),
    });
    expect(await cli('operator-token', 'describe', 'nope')).toMatchObject({
      code: 3,
      err: expect.stringContaining('images'),
    });
    expect(await cli('operator-token', 'scale', 'images', '99')).toMatchObject({
      code: 3,
      err: expect.stringContaining('(422)'),
    });
    expect(await cli('operator-token', 'policy', 'images', '--set', 'thrifty')).toMatchObject({
      code: 3,
      err: expect.stringContaining('(409)'),
    });
    expect(await program(['ls', '--url', `http://127.0.0.1:${port}/elsewhere`])).toMatchObject({ code: 4 });
  }, 120_000);
});
