import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Child } from './child.js';
import type { LoadFigures, Quantiles } from './messages.js';

const WARM_UP_SECONDS = 2;
const MEASURED_SECONDS = 6;

export interface RunFigures extends LoadFigures {
  readonly pooled: boolean;
  readonly loopDelay: Quantiles;
}

/** Starts the service and its load in two processes of their own, measures, and leaves neither them nor data behind. */
export async function run(pooled: boolean, signal: AbortSignal): Promise<RunFigures> {
  const dataDir = await mkdtemp(join(tmpdir(), 'pool-demo-'));
  try {
    return await measure({ PORT: '0', HOST: '127.0.0.1', DATA_DIR: dataDir, POOLED: String(pooled) }, pooled, signal);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function measure(env: Record<string, string>, pooled: boolean, signal: AbortSignal): Promise<RunFigures> {
  await using app = new Child('app-process', env);
  await using load = new Child('load-process');
  const { url } = await app.next('listening', signal);
  const loadFor = (seconds: number) => {
    load.send({ type: 'load', order: { url, seconds } });
    return load.next('loaded', signal);
  };

  const warmUp = await loadFor(WARM_UP_SECONDS);
  app.send({ type: 'reset' });
  const { figures } = await loadFor(MEASURED_SECONDS);
  app.send({ type: 'read' });
  const { loopDelay } = await app.next('loopDelay', signal);
  return { ...figures, pooled, loopDelay, wrong: [...warmUp.figures.wrong, ...figures.wrong] };
}
