import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PoolConfigError } from '../../core/errors.js';
import type { AnyRegistry } from './metrics-options.js';

const PATH = '/metrics';

/** Serves a registry at `GET /metrics` and nothing else. `new` → listening (`listen`) → closed (`close`). */
export class MetricsServer {
  readonly #server: Server;

  constructor(
    readonly registry: AnyRegistry,
    readonly host: string,
    readonly port: number,
  ) {
    // A scrape holds no process open.
    this.#server = createServer((request, response) => void this.#answer(request, response)).unref();
  }

  /**
   * Resolves with the address that it listens at.
   * @throws PoolConfigError where the port is in use, or cannot be opened at this host.
   */
  async listen(): Promise<string> {
    try {
      await once(this.#server.listen(this.port, this.host), 'listening');
    } catch (error) {
      throw cannotListen(this.host, this.port, error);
    }
    const { address, family, port } = this.#server.address() as AddressInfo;
    return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}${PATH}`;
  }

  /** Cuts open connections: a scraper keeps them for the next time. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path] = (request.url ?? '').split('?', 1);
    if (request.method !== 'GET' || path !== PATH) return reply(response, 404, `Only GET ${PATH} is served here.\n`);
    try {
      const metrics = await this.registry.metrics();
      reply(response, 200, metrics, this.registry.contentType);
    } catch (error) {
      reply(response, 500, `The metrics cannot be told: ${error instanceof Error ? error.message : String(error)}\n`);
    }
  }
}

function reply(response: ServerResponse, status: number, body: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) }).end(body);
}

function cannotListen(host: string, port: number, cause: unknown): PoolConfigError {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  const why = code === 'EADDRINUSE' ? 'is in use' : `cannot be opened (${code ?? String(cause)})`;
  return new PoolConfigError(
    `PoolMetricsModule: port ${port} at ${host} ${why}. Choose another port or host, stop what listens there, or leave out port: PrometheusModule.register() serves the metrics at the application's own /metrics.`,
    { cause },
  );
}
