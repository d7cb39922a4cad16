import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LoadReport } from '../../../lib/simulator/live/index.js';

const run = promisify(execFile);
const load = (args: readonly string[], env = process.env) =>
  run(process.execPath, ['dist/bench/load/main.js', ...args], { env });

let server: Server;
let url: string;
const seen: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    let size = 0;
    request.on('data', (chunk: Buffer) => void (size += chunk.length));
    request.on('end', () => {
      seen.push(
        `${request.method} ${request.url} ${size > 0 ? String(request.headers['content-type']).split(';')[0] : ''}`,
      );
      response.writeHead(request.headers['x-load-fail'] === '1' ? 500 : 200).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe('npm run load (L1)', () => {
  it('loads any application, and reports as JSON', async () => {
    const options = [
      '--shape',
      'step',
      '--peak',
      '100',
      '--seconds',
      '0.5',
      '--errors',
      '0.2',
      '--objective',
      '1s',
      '--json',
    ];
    const { stdout, stderr } = await load(['--url', `${url}/work?n=1`, ...options]);
    const report = JSON.parse(stdout) as LoadReport;
    expect(report.sent).toBeGreaterThan(10);
    expect(report).toMatchObject({
      shape: 'step',
      unsent: 0,
      failed: report.injected,
      ok: report.sent - report.injected,
    });
    expect(seen.filter((line) => line === 'GET /work?n=1 ')).toHaveLength(report.sent);
    // No terminal, no progress.
    expect(stderr).toBe('');
  });

  it('sends the sample app what its pool works on', async () => {
    const { stdout } = await load(['--shape', 'constant', '--peak', '40', '--seconds', '0.5'], {
      ...process.env,
      PORT: new URL(url).port,
    });
    expect(stdout).toMatch(/sent {5}\d+, of which \d+ ok and 0 failed \(200: \d+\)/);
    expect(seen).toContain('POST /images/thumbnail?width=320&height=240 multipart/form-data');
  });

  it('replays a trace', async () => {
    const trace = 'test/fixtures/load/requests.csv';
    const { stdout } = await load(['--url', url, '--trace', trace, '--mean', '50', '--seconds', '0.5', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ shape: 'requests.csv', failed: 0 });
  });

  it('says what to start where nothing answers, with exit code 4', async () => {
    const nobody = createServer().listen(0, '127.0.0.1');
    await once(nobody, 'listening');
    const { port } = nobody.address() as AddressInfo;
    nobody.close();
    await once(nobody, 'close');
    await expect(load([], { ...process.env, PORT: String(port) })).rejects.toMatchObject({
      code: 4,
      stderr: expect.stringMatching(
        /Nothing answers on http:\/\/127\.0\.0\.1:\d+\. Start the sample app first.*npm start/,
      ),
    });
  });

  it.each([
    [
      ['--url', 'http://192.0.2.1/'],
      /--url is "http:\/\/192\.0\.2\.1\/", which is not on this machine.*--allow-remote/,
    ],
    [['--shape', 'rmap'], /There is no shape 'rmap'\. Did you mean 'ramp'\?/],
    [['--peek', '3'], /load has no option '--peek'\. Did you mean '--peak'\?/],
    [['--errors', '3'], /--errors is 3, but must be a number from 0 to 1/],
    [['--trace', 'x.csv', '--peak', '3'], /--peak means nothing beside --trace/],
  ])('refuses %j with exit code 2, and sends nothing', async (args, message) => {
    await expect(load(args)).rejects.toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(message) });
  });
});
