import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../sample-app/main.js', import.meta.url));

/** The built sample application in a process of its own, on a free port, with data of its own. */
export interface SampleApp {
  readonly url: string;
  /** Sends SIGTERM; resolves with how the process ended. */
  stop(): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

export async function startSampleApp(env: Record<string, string> = {}): Promise<SampleApp> {
  const dataDir = await mkdtemp(join(tmpdir(), 'sample-app-'));
  const app = spawn(process.execPath, [MAIN], {
    env: { ...process.env, HOST: '127.0.0.1', PORT: '0', DATA_DIR: dataDir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(app, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const stop = async () => {
    app.kill('SIGTERM');
    const [code, signal] = await exited;
    await rm(dataDir, { recursive: true, force: true });
    return { code, signal };
  };
  return { url: await announcedUrl(app, exited), stop };
}

async function announcedUrl(app: ChildProcess, exited: Promise<unknown>): Promise<string> {
  let output = '';
  const announced = new Promise<string>((resolve) => {
    const read = (chunk: string) => {
      output += chunk;
      const url = /Back office on (http:\S+)\n/.exec(output)?.[1];
      if (url) resolve(url);
    };
    app.stdout?.setEncoding('utf8').on('data', read);
    app.stderr?.setEncoding('utf8').on('data', read);
  });
  const gone = exited.then(() => {
    throw new Error(`The sample application did not start:\n${output}`);
  });
  return Promise.race([announced, gone]);
}

/** A file as the form of an upload. */
export function form(content: Uint8Array | string, name = 'upload'): FormData {
  const data = new FormData();
  data.append('file', new Blob([content]), name);
  return data;
}
