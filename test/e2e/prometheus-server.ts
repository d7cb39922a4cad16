import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What Prometheus adds to each value. */
const SCRAPE_LABELS = new Set(['__name__', 'instance', 'job']);

/** A value of an instant query, with the labels that are not of the scrape. */
export interface QueryValue {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A Prometheus of its own that scrapes every second. */
export interface PrometheusServer {
  query(promql: string): Promise<readonly QueryValue[]>;
  stop(): Promise<void>;
}

/** @param program its path @param targets address of each job, as in `http://127.0.0.1:3000/metrics` */
export async function startPrometheus(
  program: string,
  targets: Readonly<Record<string, string>>,
): Promise<PrometheusServer> {
  const folder = await mkdtemp(join(tmpdir(), 'prometheus-'));
  await writeFile(join(folder, 'prometheus.yml'), configuration(targets));
  const server = spawn(
    program,
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      '--web.listen-address=127.0.0.1:0',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const exited = once(server, 'exit');
  const stop = async () => {
    server.kill('SIGTERM');
    await exited;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const url = await Promise.race([address(server), exited.then(() => Promise.reject(new Error('it ended')))]);
    return { query: (promql) => query(url, promql), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function configuration(targets: Readonly<Record<string, string>>): string {
  // JSON is YAML.
  return JSON.stringify({
    global: { scrape_interval: '1s', scrape_timeout: '1s' },
    scrape_configs: Object.entries(targets).map(([job, url]) => ({
      job_name: job,
      metrics_path: new URL(url).pathname,
      static_configs: [{ targets: [new URL(url).host] }],
    })),
  });
}

/** Where it listens, once it serves requests. */
function address(server: ChildProcess): Promise<string> {
  let told = '';
  return new Promise((resolve) => {
    server.stderr!.setEncoding('utf8').on('data', (chunk: string) => {
      if (told.length < 100_000) told += chunk;
      const [, at] = /msg="?Listening on"? address=(\S+)/.exec(told) ?? [];
      if (at && told.includes('Server is ready to receive web requests')) resolve(`http://${at}`);
    });
  });
}

async function query(url: string, promql: string): Promise<QueryValue[]> {
  const response = await fetch(`${url}/api/v1/query`, { method: 'POST', body: new URLSearchParams({ query: promql }) });
  const answer = (await response.json()) as {
    status: string;
    error?: string;
    data?: { resultType: string; result: { metric: Record<string, string>; value: [number, string] }[] };
  };
  if (answer.status !== 'success' || answer.data?.resultType !== 'vector') {
    throw new Error(`${promql}: ${answer.error ?? JSON.stringify(answer)}`);
  }
  return answer.data.result.map(({ metric, value }) => {
    const labels = Object.fromEntries(Object.entries(metric).filter(([label]) => !SCRAPE_LABELS.has(label)));
    return { labels, value: Number(value[1]) };
  });
}
