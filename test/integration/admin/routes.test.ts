import { describe, expect, test, vi } from 'vitest';
import { ROLE_HEADER } from '../../../lib/entries/admin.js';
import { ADAPTERS, slots, startAdmin } from './support.js';

const threads = {
  size: { max: 3 },
  scaling: false,
  tasks: new URL('../../fixtures/tasks/basics.js', import.meta.url),
} as const;

describe.each(ADAPTERS)('on %s', (adapter) => {
  test('GET /pools tells every pool, GET /pools/:name one of them, to viewers too (O3)', async () => {
    const { ask } = await startAdmin(adapter, { pools: { images: slots(), mail: slots() } });
    const all = await ask('GET /pools', { token: 'viewer' });
    expect(all.status).toBe(200);
    expect(all.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      [ROLE_HEADER]: 'viewer',
    });
    expect(all.json).toMatchObject([{ name: 'images', state: 'open', min: 1, max: 8, policy: null }, { name: 'mail' }]);
    const one = await ask('GET /pools/mail', { token: 'operator' });
    expect(one.json).toMatchObject({ name: 'mail', health: { status: 'up' }, at: expect.any(Number) });
    expect(one.headers[ROLE_HEADER]).toBe('operator');
    expect(one.headers['set-cookie']).toBeUndefined();
  });

  test('an override resizes and is told by the view; releasing it goes back (A4, O3)', async () => {
    const { ask, pools, audit } = await startAdmin(adapter);
    const body = { size: 4, forMs: 600_000, reason: 'sale at noon', owner: 'ada' };
    const pinned = await ask('PUT /pools/images/override', { token: 'operator', body });
    expect([pinned.status, pinned.json]).toEqual([
      200,
      expect.objectContaining({
        target: 4,
        live: 4,
        override: { size: 4, owner: 'ada', reason: 'sale at noon', until: expect.any(Number) },
      }),
    ]);
    expect(pools.snapshot('images')).toMatchObject({ live: 4 });
    const released = await ask('DELETE /pools/images/override', { token: 'operator' });
    expect(released.json).toMatchObject({ target: 1, override: null });
    expect(audit()).toMatchObject([
      {
        event: 'admin',
        action: 'override',
        pool: 'images',
        owner: 'ada',
        reason: 'sale at noon',
        outcome: 'done',
        from: 1,
        to: 4,
        role: 'operator',
        remote: '127.0.0.1',
      },
      { action: 'release', outcome: 'done', from: 4, to: 1 },
    ]);
  });

  test('POST /pool/manual?size=4 resizes with a token and is refused without one (O3)', async () => {
    const { ask, pools } = await startAdmin(adapter);
    const refused = await ask('POST /pool/manual?size=4');
    expect([refused.status, refused.json]).toEqual([
      401,
      { statusCode: 401, error: 'Unauthorized', message: 'Send a token.' },
    ]);
    expect(pools.snapshot('images').target).toBe(1);
    const done = await ask('POST /pool/manual?size=4', { token: 'operator' });
    expect([done.status, done.json.target, done.json.live]).toEqual([200, 4, 4]);
  });

  test('POST /pool/manual asks which pool where there are several (409)', async () => {
    const { ask, pools } = await startAdmin(adapter, { pools: { images: slots(), mail: slots() } });
    const which = await ask('POST /pool/manual?size=4', { token: 'operator' });
    expect([which.status, which.json.pools]).toEqual([409, ['images', 'mail']]);
    expect((await ask('POST /pool/manual?size=3&pool=mail', { token: 'operator' })).json).toMatchObject({ target: 3 });
    expect(pools.snapshot('images').target).toBe(1);
    expect((await ask('POST /pool/manual?size=3&pool=post', { token: 'operator' })).status).toBe(404);
  });

  test('a policy is told and swapped as a whole, given bare or wrapped (A5, O3)', async () => {
    const { ask, pools } = await startAdmin(adapter, {
      pools: { images: slots({ scaling: { policy: 'latency', objectiveMs: 50 } }) },
    });
    const told = await ask('GET /pools/images/policy', { token: 'viewer' });
    expect(told.json).toEqual({ policy: 'latency', objectiveMs: 50 });
    const bare = await ask('PATCH /pools/images/policy', { token: 'operator', body: { preset: 'thrifty' } });
    expect([bare.status, bare.json.policy]).toEqual([200, { preset: 'thrifty' }]);
    const wrapped = await ask('PATCH /pools/images/policy', {
      token: 'operator',
      body: { policy: 'course', reason: 'calm' },
    });
    expect([wrapped.status, wrapped.json.policy, pools.policy('images')]).toEqual([200, 'course', 'course']);
  });

  test('decisions come newest first, as many as were asked for (A6, O3)', async () => {
    const { ask, pools } = await startAdmin(adapter, { pools: { images: slots({ scaling: { tickMs: 10 } }) } });
    await vi.waitFor(() => expect(pools.decisions('images').length).toBeGreaterThan(0), 5_000);
    await pools.resize('images', 3);
    await vi.waitFor(() => expect(pools.decisions('images').length).toBeGreaterThan(1), 5_000);
    const { json } = await ask('GET /pools/images/decisions?limit=2', { token: 'viewer' });
    expect(json).toHaveLength(2);
    expect(json[0].seq).toBeGreaterThan(json[1].seq);
    expect(json[0]).toMatchObject({ pool: 'images', reason: expect.any(String), signals: expect.any(Object) });
  });

  test('health is 200 while the pool is up and 503 while it is down (O3)', async () => {
    const { ask, pools } = await startAdmin(adapter);
    const up = await ask('GET /pools/images/health', { token: 'viewer' });
    expect([up.status, up.json]).toEqual([200, expect.objectContaining({ status: 'up', autoscaler: null })]);
    await pools.get('images').close();
    const down = await ask('GET /pools/images/health', { token: 'viewer' });
    expect([down.status, down.json.status]).toEqual([503, 'down']);
  });

  test('history and failures are told', async () => {
    const { ask, pools } = await startAdmin(adapter, {
      pools: { images: slots({ tasks: { fail: () => Promise.reject(new RangeError('secret')) } }) },
    });
    await pools
      .get('images')
      .run('fail')
      .catch(() => undefined);
    const failures = await ask('GET /pools/images/failures', { token: 'viewer' });
    expect(failures.json).toEqual([{ task: 'fail', error: 'RangeError', count: 1, lastAt: expect.any(Number) }]);
    expect(failures.text).not.toContain('secret');
    const history = await ask('GET /pools/images/history?seconds=60', { token: 'viewer' });
    expect(history.json).toMatchObject({ pool: 'images', everyMs: 1_000, at: expect.any(Array) });
  });

  test('pause, resume and drain change the state; a drain is not waited for (202)', async () => {
    const { ask, pools, audit } = await startAdmin(adapter);
    const pool = pools.get('images');
    const started = new Promise((resolve) => pool.on('started', resolve));
    const running = pool.run('nap', [300]);
    await started;
    const change = (verb: string, body?: object) => ask(`POST /pools/images/${verb}`, { token: 'operator', body });
    expect((await change('pause', { reason: 'disk is full', owner: 'ada' })).json.state).toBe('paused');
    expect((await change('resume')).json.state).toBe('open');
    const drained = await change('drain');
    expect([drained.status, drained.json.state, drained.json.busy]).toEqual([202, 'draining', 1]);
    const wrong = await change('pause');
    expect([wrong.status, wrong.json.error]).toEqual([409, 'Conflict']);
    expect((await change('resume')).json.state).toBe('open');
    await running;
    expect(audit().map(({ action, outcome, from, to, owner }) => [action, outcome, from, to, owner])).toEqual([
      ['pause', 'done', 'open', 'paused', 'ada'],
      ['resume', 'done', 'paused', 'open', null],
      ['drain', 'accepted', 'open', 'draining', null],
      ['pause', 'refused', 'draining', null, null],
      ['resume', 'done', 'draining', 'open', null],
    ]);
  });

  test('changes of a closed pool are 409', async () => {
    const { ask, pools } = await startAdmin(adapter);
    await pools.get('images').close();
    for (const line of [
      'PUT /pools/images/override',
      'DELETE /pools/images/override',
      'POST /pools/images/pause',
      'POST /pools/images/resume',
      'POST /pools/images/drain',
    ]) {
      const { status } = await ask(line, { token: 'operator', body: line.startsWith('PUT') ? { size: 2 } : undefined });
      expect([line, status]).toEqual([line, 409]);
    }
    const policy = await ask('PATCH /pools/images/policy', { token: 'operator', body: { preset: 'course' } });
    expect(policy.status).toBe(409);
  });

  test('a pool without an autoscaler takes no policy (409)', async () => {
    const { ask } = await startAdmin(adapter);
    const { status, json } = await ask('PATCH /pools/images/policy', { token: 'operator', body: { preset: 'course' } });
    expect([status, json.message]).toEqual([409, expect.stringContaining('scaling: false')]);
  });

  test('a budget that has no room is told as 409 (C1)', async () => {
    const { ask, pools } = await startAdmin(adapter, {
      pools: { images: threads, mail: threads },
      module: { budget: { workers: 3 } },
    });
    const { status, json } = await ask('PUT /pools/images/override', { token: 'operator', body: { size: 3 } });
    expect([status, json.message]).toEqual([409, expect.stringContaining('the budget that it shares')]);
    expect(pools.snapshot('images').override).toBeNull();
  });

  test('live events stream with the headers of every answer', async () => {
    const { port, pools } = await startAdmin(adapter);
    const response = await fetch(`http://127.0.0.1:${port}/pools/events`, {
      headers: { authorization: 'Bearer viewer-token' },
    });
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.get(ROLE_HEADER)).toBe('viewer');
    const reader = response.body!.getReader();
    let text = '';
    const told = async (part: string) => {
      while (!text.includes(part)) text += Buffer.from((await reader.read()).value!).toString();
    };
    await told('\n');
    await pools.resize('images', 2);
    await told('event: resized');
    await reader.cancel();
  });

  test('HEAD of the events opens no stream', async () => {
    const { ask } = await startAdmin(adapter);
    expect((await ask('HEAD /pools/events', { token: 'viewer' })).status).toBe(200);
  });
});
