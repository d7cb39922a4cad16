import { describe, expect, onTestFinished, test } from 'vitest';
import { LiveEvents } from '../../../../lib/admin/live/live-events.js';
import type { LiveOptions } from '../../../../lib/admin/live/live-options.js';
import { FakeResponse, someRequest } from '../../../support/fake-response.js';
import { fakeService } from '../../../support/fake-service.js';
import { settleMicrotasks } from '../../../support/virtual-clock.js';

async function live(options: LiveOptions = {}, names = ['images']) {
  const pools = Object.fromEntries(names.map((name) => [name, { scaling: false as const }]));
  const fake = await fakeService(pools);
  const events = new LiveEvents(fake.service, { clock: fake.clock, ...options });
  events.onModuleInit();
  onTestFinished(() => events.onModuleDestroy());
  const connect = (lastEventId: string | null = null, response = new FakeResponse()) => {
    events.open(someRequest, response.asResponse, lastEventId);
    return response;
  };
  const [first] = names;
  const resize = async (size: number) => {
    void fake.service.get(first!).resize(size);
    await settleMicrotasks();
  };
  return { ...fake, events, connect, resize };
}

const kinds = (response: FakeResponse, from = 0) => response.read(from).map(({ event }) => event);

describe('a new client', () => {
  test('is told at once how every pool is, with an id, a version and a time', async () => {
    const { events, connect } = await live({}, ['images', 'mails']);
    const client = connect();
    expect(client).toMatchObject({
      status: 200,
      shouldKeepAlive: false,
      headers: {
        'Content-Type': 'text/event-stream; charset=utf-8',
        'Cache-Control': 'no-store, no-transform',
        'X-Accel-Buffering': 'no',
      },
    });
    expect(client.text.startsWith('retry: 1000\n\n')).toBe(true);
    expect(client.read()).toMatchObject([
      { id: `${events.boot}-1`, event: 'snapshot', data: { v: 1, pool: 'images', at: expect.any(Number), size: 1 } },
      { id: `${events.boot}-2`, event: 'snapshot', data: { v: 1, pool: 'mails', health: { status: 'up' } } },
    ]);
  });

  test('shares the snapshots of the one before it', async () => {
    const { events, connect, clock } = await live();
    for (let count = 0; count < 50; count++) connect();
    expect(events.serialised.snapshot).toBe(1);
    await clock.advance(1_000);
    connect();
    expect(events.serialised.snapshot).toBe(2);
  });

  test('is refused with 503 where there are too many, and told what to do', async () => {
    const { events, connect } = await live({ maxClients: 2 });
    const [first] = [connect(), connect()];
    const refused = connect();
    expect([refused.status, refused.writableEnded, JSON.parse(refused.text)]).toEqual([
      503,
      true,
      expect.objectContaining({ statusCode: 503, message: expect.stringContaining('too many clients') }),
    ]);
    first.close();
    expect([connect().status, events.clients]).toEqual([200, 2]);
  });
});

describe('what happens', () => {
  test('is told in one write at the end of the turn, in order, with the new state after it', async () => {
    const { connect, service } = await live();
    const client = connect();
    const [from, writes] = [client.text.length, client.writes];
    void service.get('images').resize(3, { reason: 'more' });
    void service.get('images').resize(2, { reason: 'less' });
    expect(client.text.length).toBe(from);
    await settleMicrotasks();
    expect(client.writes).toBe(writes + 1);
    const told = client.read(from);
    expect(told.filter(({ event }) => event === 'resized').map(({ data }) => data)).toEqual([
      { v: 1, pool: 'images', at: expect.any(Number), from: 1, to: 3, reason: 'more' },
      { v: 1, pool: 'images', at: expect.any(Number), from: 3, to: 2, reason: 'less' },
    ]);
    expect(told.at(-1)).toMatchObject({ event: 'snapshot', data: { target: 2 } });
    const seqs = told.map(({ seq }) => seq);
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
  });

  test('workers are told as they come and go; what one died of is not', async () => {
    const { connect, engines, resize } = await live();
    const client = connect();
    await resize(2);
    const [worker] = engines.get('images')!.workers;
    worker!.crash(1, new Error('password is hunter2'));
    await settleMicrotasks();
    const workers = client.read().filter(({ event }) => event === 'worker');
    const head = { v: 1, pool: 'images', at: expect.any(Number), workerId: expect.any(Number) };
    expect(workers.map(({ data }) => data).slice(0, 2)).toEqual([
      { ...head, change: 'started', threadId: expect.any(Number), bootMs: expect.any(Number) },
      { ...head, change: 'exited', reason: 'crashed' },
    ]);
    expect(client.text).not.toContain('hunter2');
  });

  test('decisions are told with their reason and signals', async () => {
    const { service, clock } = await fakeService({ images: {} });
    const events = new LiveEvents(service, { clock });
    events.onModuleInit();
    onTestFinished(() => events.onModuleDestroy());
    const client = new FakeResponse();
    events.open(someRequest, client.asResponse, null);
    for (let call = 0; call < 20; call++) void service.get('images').run('work');
    await clock.advance(1_000);
    const [decision] = client.read().filter(({ event }) => event === 'decision');
    expect(decision!.data).toEqual({ v: 1, ...service.decisions('images').at(-1) });
    expect(decision!.data).toMatchObject({ pool: 'images', from: 1, reason: expect.any(String) });
  });

  test('a pause, a resume, a drain, and a pin of the size that the pool has are told at once', async () => {
    const { connect, service } = await live();
    const client = connect();
    const states: string[] = [];
    void service.get('images').run('work');
    await settleMicrotasks();
    for (const change of ['pause', 'resume', 'drain'] as const) {
      const from = client.text.length;
      Promise.resolve(service[change]('images')).catch(() => undefined);
      await settleMicrotasks();
      states.push(...client.read(from).map(({ data }) => data.state));
    }
    expect(states).toEqual(['paused', 'open', 'draining']);
    service.resume('images');
    await settleMicrotasks();
    const from = client.text.length;
    void service.resize('images', 1, { owner: 'me' });
    await settleMicrotasks();
    expect(client.read(from)).toMatchObject([{ event: 'snapshot', data: { override: { owner: 'me' } } }]);
  });

  test('is made bytes once, however many clients there are', async () => {
    const { events, connect, resize } = await live();
    const clients = Array.from({ length: 100 }, () => connect());
    const before = { ...events.serialised };
    await resize(2);
    expect(events.serialised).toEqual({ ...before, resized: 1, worker: 1, snapshot: before.snapshot + 1 });
    for (const client of clients) expect(kinds(client).filter((kind) => kind === 'resized')).toHaveLength(1);
  });

  test('names cannot break the frame, nor end the line', async () => {
    const name = 'x\n\nevent: decision\ndata: {}\r\n\u2028<script>';
    const { events, service, connect } = await live({}, [name]);
    const client = connect();
    void service.get(name).resize(2, { reason: 'a\n\nid: evil-1\n\n' });
    await settleMicrotasks();
    const told = client.read();
    expect(told.every(({ id, data }) => id.startsWith(events.boot) && data.pool === name)).toBe(true);
    expect(told.find(({ event }) => event === 'resized')?.data.reason).toBe('a\n\nid: evil-1\n\n');
  });
});

describe('time', () => {
  test('each pool is told each second, and a comment every 15 s, only while somebody is connected', async () => {
    const { events, connect, clock } = await live({}, ['images', 'mails']);
    const idle = clock.scheduled;
    await clock.advance(5_000);
    expect(events.serialised.snapshot).toBe(0);
    const client = connect();
    expect(clock.scheduled).toBe(idle + 1);
    await clock.advance(15_000);
    expect(kinds(client)).toHaveLength(2 + 2 * 15);
    expect(client.text.match(/^: heartbeat$/gm)).toHaveLength(1);
    client.close();
    expect([events.clients, clock.scheduled]).toEqual([0, idle]);
    await clock.advance(5_000);
    expect(events.serialised.snapshot).toBe(2 + 2 * 15);
  });

  test('it never listens to what happens to tasks', async () => {
    const { events, connect, service } = await live();
    connect();
    const pool = service.get('images');
    const before = { ...events.serialised };
    for (let call = 0; call < 20; call++) void pool.run('work');
    await settleMicrotasks();
    expect(events.serialised).toEqual(before);
  });
});

describe('a client that comes back', () => {
  test('is sent what it has missed, then how the pools are', async () => {
    const { connect, resize } = await live();
    const first = connect();
    await resize(2);
    first.close();
    const { id } = first.read().at(-1)!;
    await resize(3);
    await resize(4);
    const again = connect(id);
    expect(again.read().map(({ event, data }) => [event, data.to ?? data.change ?? data.target])).toEqual([
      ['resized', 3],
      ['worker', 'started'],
      ['resized', 4],
      ['worker', 'started'],
      ['snapshot', 4],
    ]);
    const seqs = [...first.read(), ...again.read()].map(({ seq }) => seq);
    expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
  });

  test('is sent nothing twice, when it comes back in the turn in which something happens', async () => {
    const { connect, service } = await live();
    const first = connect();
    const { id } = first.read().at(-1)!;
    void service.get('images').resize(2);
    const again = connect(id);
    await settleMicrotasks();
    expect(kinds(again).filter((kind) => kind === 'resized')).toHaveLength(1);
  });

  test('events were kept for it while nobody was connected', async () => {
    const { events, connect, resize } = await live();
    const first = connect();
    first.close();
    await resize(2);
    expect(kinds(connect(first.read()[0]!.id))).toEqual(['resized', 'worker', 'snapshot']);
    expect(events.serialised.resized).toBe(1);
  });

  test('too late is told how much it has missed', async () => {
    const { connect, resize } = await live({ keptEvents: 3 });
    const first = connect();
    first.close();
    for (const size of [2, 3, 4]) await resize(size);
    const again = connect(first.read()[0]!.id);
    expect(again.read()).toMatchObject([
      { event: 'gap', data: { v: 1, pool: null, at: expect.any(Number), missed: 6 } },
      { event: 'snapshot', data: { target: 4 } },
    ]);
  });

  test.each(['cafe00cafe00-1', 'BOOT-999', 'BOOT-', 'BOOT-1e3', 'nonsense', '-', '\u0000'])(
    'with the id %j of another life, or none at all, is told that nobody knows what it has missed',
    async (given) => {
      const { events, connect } = await live();
      connect();
      const client = connect(given.replace('BOOT', events.boot));
      expect(client.read()).toMatchObject([{ event: 'gap', data: { missed: null } }, { event: 'snapshot' }]);
    },
  );
});

describe('a client that reads too slowly', () => {
  const options = { maxBufferBytes: 20_000 };

  test('holds no more than its buffer, then gets one gap and fresh snapshots, while others miss nothing', async () => {
    const { connect, resize, clock } = await live(options);
    const slow = connect(null, new FakeResponse(false));
    const quick = connect();
    for (let round = 0; round < 100; round++) await resize((round % 2) + 2);
    await clock.advance(5_000);
    expect(slow.writableLength).toBeLessThanOrEqual(options.maxBufferBytes);
    const got = slow.read().filter(({ event }) => event !== 'snapshot');
    const all = quick.read().filter(({ event }) => event !== 'snapshot');
    const from = slow.text.length;
    slow.drain();
    expect(slow.read(from)).toMatchObject([
      { event: 'gap', data: { missed: all.length - got.length } },
      { event: 'snapshot', data: { target: 3 } },
    ]);
    expect(got).toEqual(all.slice(0, got.length));
    expect(all.filter(({ event }) => event === 'resized')).toHaveLength(100);
    slow.isRead = true;
    slow.drain();
    await resize(1);
    expect(kinds(slow, from).filter((kind) => kind === 'gap')).toHaveLength(1);
    expect(slow.read().at(-1)).toMatchObject({ event: 'snapshot', data: { target: 1 } });
  });

  test('misses no event for the sake of snapshots, which follow when there is room', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `pool-${index}`);
    const { connect, resize, clock } = await live(options, names);
    const slow = connect(null, new FakeResponse(false));
    await clock.advance(3_000);
    expect(slow.writableLength).toBeLessThan(options.maxBufferBytes * 0.6);
    await resize(2);
    for (let round = 0; round < 20; round++) slow.drain();
    const told = slow.read();
    expect(told.filter(({ event }) => event === 'gap')).toEqual([]);
    expect(told.filter(({ event }) => event === 'resized')).toHaveLength(1);
    expect(new Set(told.map(({ data }) => data.pool))).toEqual(new Set(names));
    expect(told.filter(({ data }) => data.pool === 'pool-0').at(-1)).toMatchObject({ data: { target: 2 } });
    const seqs = told.map(({ seq }) => seq);
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
  });

  test('is sent nothing more until it has drained, even where something small would find room', async () => {
    const { connect, resize } = await live(options);
    const slow = connect(null, new FakeResponse(false));
    for (let round = 0; round < 100; round++) await resize((round % 2) + 2);
    const from = slow.text.length;
    slow.writableLength = 5_000;
    await resize(4);
    expect(slow.text.length).toBe(from);
    slow.drain();
    expect(kinds(slow, from)).toEqual(['gap', 'snapshot']);
  });

  test('has half of its buffer left for events', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `pool-${index}`);
    const { connect, clock } = await live({ maxBufferBytes: 40_000 }, names);
    const slow = connect(null, new FakeResponse(false));
    const first = slow.writableLength;
    await clock.advance(3_000);
    expect([first > 10_000, slow.writableLength]).toEqual([true, first]);
  });

  test('snapshots larger than half of the buffer are sent all the same', async () => {
    const { connect, clock } = await live({ maxBufferBytes: 1_000 });
    const client = connect();
    await clock.advance(3_000);
    expect(kinds(client)).toEqual(Array(4).fill('snapshot'));
  });

  test('gets no events out of order, when it drains in the turn in which something happens', async () => {
    const { connect, service, clock } = await live(options, ['images', 'mails']);
    const slow = connect(null, new FakeResponse(false));
    for (let second = 0; second < 10; second++) await clock.advance(1_000);
    void service.get('images').resize(2);
    slow.isRead = true;
    slow.drain();
    await settleMicrotasks();
    const seqs = slow.read().map(({ seq }) => seq);
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
  });

  test('and takes nothing for a minute is disconnected; one that drains in between is not', async () => {
    const { events, connect, clock } = await live();
    const [stuck, slow] = [connect(null, new FakeResponse(false)), connect(null, new FakeResponse(false))];
    await clock.advance(40_000);
    slow.drain();
    await clock.advance(40_000);
    expect([stuck.destroyed, slow.destroyed, events.clients]).toEqual([true, false, 1]);
  });
});

test('a stream ends after a while, so that the guards are asked again, and who comes back has missed nothing', async () => {
  const { events, connect, clock, resize } = await live({ maxAgeMs: 10_000 });
  const client = connect();
  await clock.advance(9_000);
  expect(client.writableEnded).toBe(false);
  await clock.advance(1_000);
  expect(client.writableEnded).toBe(true);
  const seen = client.read().at(-1)!.id!;
  await resize(2);
  events.flush();
  expect(kinds(connect(seen))).toEqual(['resized', 'worker', 'snapshot']);
});

test('at the end all streams end, stuck ones are cut, nobody is listened to, and who comes then is refused', async () => {
  const { events, connect, resize, clock } = await live();
  const [client, stuck] = [connect(), connect(null, new FakeResponse(false))];
  await clock.advance(2_000);
  void resize(2);
  const { scheduled } = clock;
  events.onModuleDestroy();
  expect(clock.scheduled).toBe(scheduled - 1);
  expect([client.writableEnded, stuck.destroyed, events.clients]).toEqual([true, true, 0]);
  expect(kinds(client)).toContain('resized');
  const told = { ...events.serialised };
  await resize(3);
  expect(events.serialised).toEqual(told);
  expect(connect()).toMatchObject({ status: 503, text: expect.stringContaining('shutting down') });
});
