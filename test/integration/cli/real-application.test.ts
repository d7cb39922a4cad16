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
