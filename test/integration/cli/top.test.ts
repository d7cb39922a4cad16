import { describe, expect, it, vi } from 'vitest';
import { runCli } from '../../../lib/cli/run-cli.js';
import { adminServer, type AdminServerOptions, type EventClient, snapshotOf } from '../../support/admin-server.js';
import { surroundings } from '../../support/cli-surroundings.js';
import { poolView } from '../../support/pool-views.js';

const ENTER = '\u001b[?1049h\u001b[?25l';
const LEAVE = '\u001b[?25h\u001b[?1049l';

/** `top` on a terminal that is none, against a real server. */
async function onTerminal(
  options: AdminServerOptions,
  test: (stage: {
    shown(): string;
    around: ReturnType<typeof surroundings>;
    clients: EventClient[];
  }) => Promise<void> | void,
) {
  const clients: EventClient[] = [];
  const exits = process.listenerCount('exit');
  await using server = await adminServer({
    ...options,
    onEvents(client) {
      clients.push(client);
      client.raw('retry: 60\n\n');
      client.send('snapshot', snapshotOf(poolView()));
    },
  });
  const around = surroundings({
    isTTY: true,
    columns: 90,
    rows: 12,
    env: { DYNAMIC_POOL_URL: server.url, NO_COLOR: '1' },
  });
  let [out, err] = ['', ''];
  const ended = runCli(['top'], { out: (text) => void (out += text), err: (text) => void (err += text) }, around);
  /** The last picture. */
  const shown = () => out.slice(out.lastIndexOf('\u001b[H'));
  await test({ shown, around, clients });
  const code = await ended;
  // Whatever happened, the terminal is as it was, once, and nobody listens any more.
  expect(out.startsWith(ENTER)).toBe(true);
  expect(out.split(LEAVE)).toHaveLength(2);
  expect(out.endsWith(LEAVE)).toBe(true);
  expect([around.listeners(), process.listenerCount('exit') - exits]).toEqual([0, 0]);
  return { code, err };
}

const until = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 10 });

describe('dynamic-pool top on a terminal (O4)', () => {
  it.each([
    ['q', (around: ReturnType<typeof surroundings>) => around.press('q')],
    ['Ctrl-C as a key', (around: ReturnType<typeof surroundings>) => around.press('\u0003')],
    ['Ctrl-C as a signal', (around: ReturnType<typeof surroundings>) => around.interrupt()],
  ])('ends with %s, and gives the terminal back', async (_, end) => {
    const { code, err } = await onTerminal({}, async ({ shown, around }) => {
      await until(() => expect(shown()).toContain(' connected\u001b[K'));
      expect(shown()).toMatch(/images +open +up +3 +2/);
      end(around);
    });
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  it('follows what happens, the size of the terminal, and keys', async () => {
    await onTerminal({}, async ({ shown, around, clients }) => {
      await until(() => expect(clients).toHaveLength(1));
      clients[0]!.send('snapshot', snapshotOf(poolView({ busy: 0, state: 'paused' })));
      await until(() => expect(shown()).toMatch(/images +paused +up +0/));
      around.resizeTo(40, 6);
      expect(shown().split('\r\n')).toHaveLength(6);
      around.resizeTo(100, 30);
      around.press('\r');
      expect(shown()).toContain('› images');
      expect(shown()).toContain('Images.thumbnail');
      around.press('\u001b');
      expect(shown()).not.toContain('Images.thumbnail');
      around.press('q');
    });
  });

  it('says that it is disconnected, and goes on once it is connected again', async () => {
    await onTerminal({}, async ({ shown, around, clients }) => {
      await until(() => expect(clients).toHaveLength(1));
      clients[0]!.end();
      await until(() => expect(clients).toHaveLength(2));
      await until(() => expect(shown()).toContain(' connected\u001b[K'));
      expect(clients[1]!.lastEventId).toBe('boot-1');
      around.press('q');
    });
  });

  it('gives the terminal back before it tells what went wrong', async () => {
    const refusing: AdminServerOptions = {
      instead(request, response) {
        if (!request.url!.endsWith('/events')) return false;
        response.writeHead(403, { 'content-type': 'application/json' }).end('{"message":"not you"}');
        return true;
      },
    };
    const { code, err } = await onTerminal(refusing, () => undefined);
    expect(code).toBe(3);
    expect(err).toContain('refused: not you. (403)');
  });

  it('gives the terminal back where drawing itself fails', async () => {
    const { code, err } = await onTerminal({}, async ({ shown, around }) => {
      await until(() => expect(shown()).toContain('images'));
      Object.defineProperty(around.terminal, 'columns', {
        get: () => {
          throw new Error('no such terminal');
        },
      });
      around.press('j');
    });
    expect(code).toBe(1);
    expect(err).toContain('no such terminal');
  });

  it('shows hostile names as text', async () => {
    const name = 'x\u001b[2J\u009b31m\u202ey';
    await onTerminal({ pools: [poolView({ name })] }, async ({ shown, around }) => {
      await until(() => expect(shown()).toContain('images'));
      expect(shown()).toContain('x\ufffd[2J\ufffd31m\ufffdy');
      around.press('q');
    });
  });
});
