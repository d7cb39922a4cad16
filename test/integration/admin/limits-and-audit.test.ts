import { once } from 'node:events';
import net from 'node:net';
import { describe, expect, test, vi } from 'vitest';
import { ADAPTERS, roleOf, slots, startAdmin, TokenGuard } from './support.js';

const guarded = { guards: [TokenGuard], role: roleOf };

describe.each(ADAPTERS)('on %s', (adapter) => {
  test('changes and reads above the limit are 429 with Retry-After, by role; nothing changes by them', async () => {
    const { ask, pools, audit } = await startAdmin(adapter, {
      admin: { ...guarded, rateLimit: { changesPerMinute: 3, readsPerMinute: 5 } },
    });
    const change = (token: string) => ask('PUT /pools/images/override', { token, body: { size: 2 } });
    expect(
      [await change('operator'), await change('operator'), await change('operator')].map(({ status }) => status),
    ).toEqual([200, 200, 200]);
    const { status, json, headers } = await ask('PUT /pools/images/override', { token: 'operator', body: { size: 8 } });
    expect([status, json.error]).toEqual([429, 'Too Many Requests']);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(headers['retry-after'])).toBeLessThanOrEqual(60);
    await change('operator');
    expect(pools.snapshot('images').target).toBe(2);
    // Of those above the limit, the first has a line.
    expect(audit().map(({ outcome, status }) => [outcome, status])).toEqual([
      ['done', undefined],
      ['done', undefined],
      ['done', undefined],
      ['refused', 429],
    ]);
    expect((await change('viewer')).status).toBe(403);
    for (let i = 0; i < 5; i++) expect((await ask('GET /pools', { token: 'operator' })).status).toBe(200);
    expect((await ask('GET /pools', { token: 'operator' })).status).toBe(429);
    expect((await ask('GET /pools', { token: 'viewer' })).status).toBe(200);
  });

  test('those without a token use up nothing of the others, and fill the log with so many lines and one', async () => {
    const { ask, audit } = await startAdmin(adapter, { admin: { ...guarded, rateLimit: { changesPerMinute: 5 } } });
    for (let i = 0; i < 20; i++) expect((await ask('POST /pools/images/pause')).status).toBe(401);
    expect(audit()).toHaveLength(6);
    expect((await ask('POST /pools/images/pause', { token: 'operator' })).status).toBe(200);
  });

  test('rateLimit: false limits nothing', async () => {
    const { ask } = await startAdmin(adapter, { admin: { ...guarded, rateLimit: false } });
    for (let i = 0; i < 40; i++) {
      expect((await ask('POST /pools/images/pause', { token: 'operator' })).status).toBe(200);
    }
  });

  test('each change has one audit line of JSON, with who, what, why, from, to and the outcome (A4)', async () => {
    const { ask, log, audit } = await startAdmin(adapter, {
      pools: { images: slots({ scaling: 'latency' }) },
      admin: guarded,
    });
    await ask('PATCH /pools/images/policy', {
      token: 'operator',
      body: { policy: 'course', owner: 'ada', reason: 'calm' },
    });
    await ask('PUT /pools/images/override', { token: 'operator', body: { size: 99, owner: 'ada' } });
    await ask('PUT /pools/nosuch/override', { token: 'operator', body: { size: 2 } });
    await ask('POST /pool/manual?size=2', { token: 'viewer' });
    const [policy, size, pool, role] = audit();
    expect(policy).toEqual({
      event: 'admin',
      action: 'policy',
      pool: 'images',
      owner: 'ada',
      reason: 'calm',
      outcome: 'done',
      from: 'latency',
      to: 'course',
      role: 'operator',
      remote: '127.0.0.1',
      at: expect.any(Number),
    });
    expect(size).toMatchObject({
      action: 'override',
      outcome: 'refused',
      status: 422,
      from: 1,
      to: null,
      message: expect.stringContaining('size is 99'),
    });
    expect(pool).toMatchObject({ pool: null, outcome: 'refused', status: 404 });
    expect(role).toMatchObject({ action: 'manual', outcome: 'refused', status: 403, role: 'viewer' });
    expect(audit()).toHaveLength(4);
    const levels = log.lines.filter(({ context }) => context === 'PoolAdmin').map(({ level }) => level);
    expect(levels).toEqual(['log', 'warn', 'warn', 'warn']);
  });

  test('a change has its line however its path is spelled', async () => {
    const { ask, audit, pools } = await startAdmin(adapter, { admin: guarded });
    // Express takes capitals in a path, Fastify escapes.
    const line = adapter === 'express' ? 'PUT /pools/images/OVERRIDE' : 'PUT /pools/images/%6Fverride';
    for (const token of [null, 'viewer', 'operator'] as const) await ask(line, { token, body: { size: 2 } });
    expect(pools.snapshot('images').target).toBe(2);
    expect(audit()).toMatchObject([
      { action: 'override', outcome: 'refused', status: 401 },
      { action: 'override', outcome: 'refused', status: 403, role: 'viewer' },
      { action: 'override', outcome: 'done', to: 2 },
    ]);
  });

  test('a body that breaks off is no fault of the application: nothing is logged as an error', async () => {
    const { port, log, pools } = await startAdmin(adapter, { admin: guarded, create: { bodyParser: false } });
    const head = 'PUT /pools/images/override HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
    for (const token of ['', 'Authorization: Bearer operator-token\r\n']) {
      const socket = net.connect(port, '127.0.0.1');
      // The announced rest never comes; a server that hears the end of it answers or hangs up.
      socket.end(`${head}${token}Content-Length: 100\r\n\r\n{"size":4}`);
      socket.resume();
      await once(socket, 'close');
    }
    await vi.waitFor(() => expect(log.lines.some(({ message }) => String(message).includes('broke off'))).toBe(true));
    expect(log.lines.filter(({ level }) => level === 'error')).toEqual([]);
    expect(pools.snapshot('images').target).toBe(1);
  });

  test('reads and dry runs leave no line', async () => {
    const { ask, audit } = await startAdmin(adapter, { admin: guarded });
    await ask('GET /pools', { token: 'operator' });
    await ask('GET /pools');
    await ask('POST /pools/images/dry-run', { token: 'operator', body: { policy: 'course' } });
    expect(audit()).toEqual([]);
  });

  test('an override waits 2 s for busy workers to leave, then tells what is there; what fails later is told, and nobody is hurt', async () => {
    const { ask, pools, audit } = await startAdmin(adapter, { admin: guarded });
    const unhandled = vi.fn<(error: unknown) => void>();
    process.on('unhandledRejection', unhandled);
    const pool = pools.get('images');
    await pool.resize(2);
    const running = [pool.run('nap', [30_000]), pool.run('nap', [30_000])].map((run) => run.catch(() => 'cut short'));
    await vi.waitFor(() => expect(pool.snapshot().busy).toBe(2));
    const { status, json } = await ask('PUT /pools/images/override', { token: 'operator', body: { size: 1 } });
    expect([status, json.target, json.live]).toEqual([200, 1, 2]);
    expect(audit()).toMatchObject([{ outcome: 'accepted', from: 2, to: 1 }]);
    await pool.close({ force: true });
    await Promise.all(running);
    await vi.waitFor(() => expect(audit()).toHaveLength(2));
    expect(audit()[1]).toMatchObject({
      action: 'override',
      outcome: 'failed',
      message: expect.stringContaining('closed'),
    });
    expect(unhandled).not.toHaveBeenCalled();
    process.off('unhandledRejection', unhandled);
  });
});
