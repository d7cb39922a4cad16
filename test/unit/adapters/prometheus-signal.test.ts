import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { PrometheusSignal, prometheusType } from '../../../lib/adapters/prometheus-signal.js';
import { systemClock, type Clock } from '../../../lib/core/clock.js';
import { PoolConfigError } from '../../../lib/core/errors.js';
import { buildSignal } from '../../../lib/core/scaling/signals/build-signal.js';
import { readFresh } from '../../../lib/core/scaling/signals/read-fresh.js';
import type { SignalSpec } from '../../../lib/core/scaling/signals/signal-spec.js';

const open: { close(): void }[] = [];

/** A server on this machine, and how often it was asked. */
async function serve(answer: RequestListener): Promise<{ url: string; asked: () => number; server: Server }> {
  let asked = 0;
  const server = createServer((request, response) => {
    asked++;
    answer(request, response);
  });
  open.push({ close: () => (server.closeAllConnections(), server.close()) });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: () => asked, server };
}

function query(url: string, options: Partial<ConstructorParameters<typeof PrometheusSignal>[0]> = {}, clock?: Clock) {
  const signal = new PrometheusSignal({ url, query: 'up', intervalMs: 5, timeoutMs: 2_000, ...options }, clock);
  open.push(signal);
  return signal;
}

const json = (body: unknown, status = 200): RequestListener => {
  return (_, response) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};
const data = (resultType: string, result: unknown) => ({ status: 'success', data: { resultType, result } });
const scalar = (value: unknown) => data('scalar', [1_700_000_000, value]);
const series = (...values: string[]) =>
  data(
    'vector',
    values.map((value) => ({ metric: {}, value: [1_700_000_000, value] })),
  );

/** Reads until the condition holds; every read must return at once. */
function until(signal: PrometheusSignal, isSo: (signal: PrometheusSignal) => boolean): Promise<void> {
  signal.read();
  return vi.waitFor(() => {
    if (!isSo(signal)) throw new Error(`last error: ${String(signal.lastError)}`);
  }, 10_000);
}

afterEach(() => {
  for (const each of open.splice(0).reverse()) each.close();
});

describe('a Prometheus query as a signal (S4)', () => {
  it.each<[string, unknown, number]>([
    ['a scalar', scalar('0.25'), 0.25],
    ['a vector of one series', series('1e3'), 1_000],
    ['a negative number', scalar('-4'), -4],
  ])('gives the number of %s', async (_, body, expected) => {
    const { url } = await serve(json(body));
    const signal = query(url);
    const before = systemClock.now();
    expect(signal.read()).toBeNull();
    await until(signal, () => signal.read() !== null);
    expect(signal.read()!.value).toBe(expected);
    expect(signal.read()!.at).toBeGreaterThanOrEqual(before);
    expect(signal.lastError).toBeNull();
  });

  it.each<[string, RequestListener, RegExp]>([
    ['no series', json(series()), /no series/],
    ['several series', json(series('1', '2')), /2 series; aggregate/],
    ['a matrix', json(data('matrix', [])), /a matrix/],
    ['NaN', json(scalar('NaN')), /"NaN"/],
    ['infinity', json(scalar('+Inf')), /"\+Inf"/],
    ['an empty value', json(scalar('')), /""/],
    ['a number that is not text', json(scalar(5)), /the value is 5/],
    ['a success without data', json({ status: 'success' }), /undefined/],
    ['a scalar that is none', json(data('scalar', null)), /./],
    ['a bad query', json({ status: 'error', error: 'parse error' }, 400), /answered 400: parse error/],
    ['a page of HTML', (_, response) => response.writeHead(502).end('<html>'), /answered 502/],
    ['null', json(null), /answered 200/],
    ['a connection that is cut', (_, response) => response.destroy(), /./],
    [
      'a body without an end',
      (_, response) => {
        const more = (): void => {
          while (!response.destroyed && response.write('x'.repeat(65_536)));
          if (!response.destroyed) response.once('drain', more);
        };
        more();
      },
      /longer than a megabyte/,
    ],
  ])('takes %s for a failure: no value, an error that says why, and the next query is made', async (_, answer, why) => {
    const { url, asked } = await serve(answer);
    const signal = query(url);
    await until(signal, () => signal.lastError !== null && asked() >= 2);
    expect(signal.lastError!.message).toMatch(why);
    expect(readFresh(signal, systemClock.now(), 60_000)).toEqual({ ok: false, why: 'no value yet' });
  });

  it('keeps the last good value while the server fails, and it goes stale', async () => {
    let isWell = true;
    const { url } = await serve((request, response) => json(isWell ? scalar('3') : 'down')(request, response));
    const signal = query(url, { staleAfterMs: 60_000 });
    await until(signal, () => signal.read() !== null);
    isWell = false;
    await until(signal, () => signal.lastError !== null);
    const { at } = signal.read()!;
    expect(readFresh(signal, at + 59_000, 250)).toEqual({ ok: true, value: 3 });
    expect(readFresh(signal, at + 61_000, 250)).toEqual({ ok: false, why: 'stale for 61000 ms' });
    isWell = true;
    await until(signal, () => signal.lastError === null && signal.read()!.at > at);
  });

  it('gives up a server that hangs, before the headers or in the middle of the body, and asks again', async () => {
    let asks = 0;
    const { url, asked } = await serve((_, response) => {
      if (asks++ % 2 === 0) response.writeHead(200).write('{"status":');
    });
    const signal = query(url, { timeoutMs: 30 });
    await until(signal, () => asked() >= 3);
    expect(signal.lastError!.message).toBe('no answer within 30 ms');
    expect(signal.read()).toBeNull();
  });

  it('has one query under way at a time', async () => {
    let [running, most] = [0, 0];
    const { url, asked } = await serve((request, response) => {
      most = Math.max(most, ++running);
      setTimeout(() => {
        running--;
        json(scalar('1'))(request, response);
      }, 10);
    });
    const signal = query(url, { intervalMs: 1 });
    await until(signal, () => asked() >= 5);
    expect(most).toBe(1);
  });

  it('takes a server that is not there for a failure', async () => {
    const { url, server } = await serve(json(scalar('1')));
    await new Promise((resolve) => server.close(resolve));
    const signal = query(url);
    await until(signal, () => signal.lastError !== null);
    expect(signal.read()).toBeNull();
  });

  it('asks the query API below the path of the server, with the headers given', async () => {
    let heard: { url: string | undefined; authorization: string | undefined } | undefined;
    const { url } = await serve((request, response) => {
      heard = { url: request.url, authorization: request.headers.authorization };
      json(scalar('1'))(request, response);
    });
    const signal = query(`${url}/prom/`, { query: 'sum(rate(x[1m])) > 0', headers: { Authorization: 'Bearer t' } });
    await until(signal, () => signal.read() !== null);
    const asked = new URL(heard!.url!, url);
    expect([asked.pathname, asked.searchParams.get('query')]).toEqual(['/prom/api/v1/query', 'sum(rate(x[1m])) > 0']);
    expect(heard!.authorization).toBe('Bearer t');
  });

  it('asks nothing before it is read, and nothing after it is closed; the query under way is given up', async () => {
    const { url, asked, server } = await serve(() => undefined);
    const signal = query(url);
    await new Promise((resolve) => setImmediate(resolve));
    expect(asked()).toBe(0);
    signal.read();
    const [, response] = (await once(server, 'request')) as [unknown, import('node:http').ServerResponse];
    signal.close();
    await once(response, 'close');
    await vi.waitFor(() => expect(signal.lastError?.message).toBe('the signal was closed'));
    expect(signal.read()).toBeNull();
    expect(asked()).toBe(1);
  });

  it('leaves no timer behind when closed between two queries', async () => {
    const timers = new Set<object>();
    const clock: Clock = {
      now: () => systemClock.now(),
      schedule(ms, callback) {
        const timer = systemClock.schedule(ms, () => (timers.delete(entry), callback()));
        const entry = { cancel: () => (timers.delete(entry), timer.cancel()) };
        timers.add(entry);
        return entry;
      },
      every: () => expect.unreachable('nothing ticks here'),
    };
    const { url } = await serve(json(scalar('1')));
    const signal = query(url, { intervalMs: 60_000 }, clock);
    await until(signal, () => signal.read() !== null && timers.size === 1);
    signal.close();
    expect(timers.size).toBe(0);
  });

  it('holds no process open between queries', async () => {
    const { url } = await serve(json(scalar('8')));
    const module = new URL('../../../lib/adapters/prometheus-signal.js', import.meta.url).href;
    const script = `
      const { PrometheusSignal } = await import(${JSON.stringify(module)});
      const signal = new PrometheusSignal({ url: ${JSON.stringify(url)}, query: 'up', intervalMs: 600000 });
      signal.read();
      const look = setInterval(() => {
        if (signal.read() === null) return;
        clearInterval(look);
        console.log(signal.read().value);
      }, 5);
    `;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
    expect(stdout).toBe('8\n');
  });

  it('is stale by default after the time of three failures', () => {
    expect(query('http://localhost', { intervalMs: 10_000, timeoutMs: 1_000 }).staleAfterMs).toBe(33_000);
    expect(new PrometheusSignal({ url: 'http://localhost', query: 'up' }).staleAfterMs).toBe(21_000);
  });
});

describe('the signal type prometheus', () => {
  const context = { pool: 'p', types: { prometheus: prometheusType } };

  it('is built from a spec', async () => {
    const { url } = await serve(json(scalar('2')));
    const signal = buildSignal({ type: 'prometheus', url, query: 'up', intervalMs: 5 }, context) as PrometheusSignal;
    open.push(signal);
    await until(signal, () => signal.read() !== null);
    expect(signal.read()!.value).toBe(2);
  });

  it.each<[object, RegExp]>([
    [{ query: 'up' }, /^pool 'p': s\.url is undefined, but must be the server's http\(s\) URL/],
    [{ url: 'localhost:9090', query: 'up' }, /s\.url is "localhost:9090"/],
    [{ url: 'file:///etc/passwd', query: 'up' }, /s\.url/],
    [{ url: 'http://me:secret@host:1', query: 'up' }, /s\.url is "http:\/\/…@host:1"/],
    [{ url: 'http://host' }, /s\.query is undefined, but must be a PromQL expression/],
    [{ url: 'http://host', query: ' ' }, /s\.query/],
    [{ url: 'http://host', query: 'up', intervalMs: 0 }, /s\.intervalMs is 0/],
    [{ url: 'http://host', query: 'up', timeoutMs: -1 }, /s\.timeoutMs is -1/],
    [{ url: 'http://host', query: 'up', staleAfterMs: '1' }, /s\.staleAfterMs is "1"/],
    [{ url: 'http://host', query: 'up', headers: { 'a b': 'c' } }, /s\.headers is an object/],
    [{ url: 'http://host', query: 'up', headers: 'a' }, /s\.headers is "a"/],
    [{ url: 'http://host', query: 'up', timeout: 5 }, /s has no option "timeout"\. Did you mean 'timeoutMs'\?/],
  ])('refuses %j', (fields, message) => {
    const build = () => buildSignal({ type: 'prometheus', ...fields } as SignalSpec, context, 's');
    expect(build).toThrow(PoolConfigError);
    expect(build).toThrow(message);
    expect(build).not.toThrow(/secret/);
  });

  it('is refused without Nest or a builder as well', () => {
    expect(() => new PrometheusSignal({ url: 'nowhere', query: 'up' })).toThrow(/^prometheus\.url is "nowhere"/);
  });
});
