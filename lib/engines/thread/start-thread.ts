import { Worker, type WorkerOptions } from 'node:worker_threads';
import type { ResolvedPoolOptions } from '../../core/pool/resolve-options.js';
import { holdSwc } from '../typescript/hold-swc.js';
import { isTypeScript } from '../typescript/source-files.js';
import { startSourceThread } from '../typescript/start-source-thread.js';
import { WORKER_MARK } from '../worker-mark.js';
import { clockOrigin, type BirthCertificate } from './protocol.js';
import { compileCacheDirectory } from './compile-cache.js';
import type { ThreadEngineOptions } from './thread-engine.js';

/** What the main thread's side of a worker gives it to begin with. */
export type Dowry = Pick<BirthCertificate, 'port' | 'abortPort' | 'table'>;

/** Starts the thread of a worker, or of a spare where `workerId` is `null`. Where Node.js refuses, the ports are closed. */
export function startThread(engine: ThreadEngineOptions, workerId: number | null, dowry: Dowry): Worker {
  try {
    return started(engine, workerId, dowry);
  } catch (error) {
    // Nothing collects an open port.
    dowry.port.close();
    dowry.abortPort.close();
    throw error;
  }
}

function started(engine: ThreadEngineOptions, workerId: number | null, dowry: Dowry): Worker {
  const { concurrency, parking, name, thread } = engine.pool;
  const first = firstFile(engine);
  const birth: BirthCertificate = {
    ...dowry,
    pool: name,
    workerId: workerId ?? 0,
    concurrency,
    parking,
    origin: clockOrigin(),
    compileCache: compileCacheDirectory(),
    plan: engine.plan(),
    ...(first !== engine.entry && { entry: engine.entry.href }),
  };
  const options: WorkerOptions = {
    ...threadOptions(thread),
    name: workerId === null ? `pool ${name} spare` : `pool ${name} #${workerId}`,
    workerData: { [WORKER_MARK]: birth },
    transferList: [dowry.port, dowry.abortPort],
  };
  return first === engine.entry ? new Worker(first, options) : startSourceThread(first, options);
}

/** Where TypeScript is to be loaded, a thread begins by learning how. */
function firstFile({ entry, sources }: ThreadEngineOptions): URL {
  const source = sources ? [entry.href, ...sources.files()].find(isTypeScript) : undefined;
  if (!sources || source === undefined) return entry;
  holdSwc(source);
  return sources.entry;
}

/** `new Worker` tells an option that is undefined from one that is missing. */
function threadOptions({ resourceLimits, env, execArgv }: ResolvedPoolOptions['thread']): WorkerOptions {
  return {
    ...(resourceLimits && { resourceLimits }),
    ...(env && { env }),
    ...(execArgv && { execArgv: [...execArgv] }),
  };
}
