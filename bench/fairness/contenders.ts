import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createPool } from 'nestjs-dynamic-pool/core';
import { Piscina } from 'piscina';
import { FixedThreadPool } from 'poolifier';
import { Tinypool } from 'tinypool';
import workerpool from 'workerpool';
import type { Spin } from './surprise.js';

/** A pool with all its threads up. */
export interface Contender {
  readonly spin: Spin;
  close(): Promise<unknown>;
}

const SPIN = new URL('./workers/spin.js', import.meta.url);

/** Each at the settings by which it is fast; 8 tasks at a worker is how piscina serves short tasks faster. */
export const contenders: Readonly<Record<string, (threads: number) => Promise<Contender>>> = {
  ours: async (threads) => {
    const pool = createPool({ name: 'bench', tasks: SPIN, size: { min: threads, max: threads } });
    await pool.ready();
    return { spin: (ms) => pool.run('spin', [ms]), close: () => pool.close() };
  },
  piscina: async (threads) => piscina(threads, 1),
  'piscina, concurrentTasksPerWorker 8': async (threads) => piscina(threads, 8),
  tinypool: async (threads) => {
    const pool = new Tinypool({ filename: SPIN.href, minThreads: threads, maxThreads: threads });
    return { spin: (ms) => pool.run(ms, { name: 'spin' }), close: () => pool.destroy() };
  },
  workerpool: async (threads) => {
    const pool = workerpool.pool(fileOf('workerpool-worker'), {
      workerType: 'thread',
      minWorkers: threads,
      maxWorkers: threads,
    });
    return { spin: (ms) => Promise.resolve(pool.exec('spin', [ms])), close: () => Promise.resolve(pool.terminate()) };
  },
  poolifier: async (threads) => {
    const pool = new FixedThreadPool<number, void>(threads, fileOf('poolifier-worker'), { enableEvents: false });
    while (!pool.info.ready) await delay(5);
    return { spin: (ms) => pool.execute(ms), close: () => pool.destroy() };
  },
};

function piscina(threads: number, concurrentTasksPerWorker: number): Contender {
  const pool = new Piscina({
    filename: SPIN.href,
    minThreads: threads,
    maxThreads: threads,
    idleTimeout: Infinity,
    recordTiming: false,
    concurrentTasksPerWorker,
  });
  return { spin: (ms) => pool.run(ms, { name: 'spin' }), close: () => pool.close() };
}

function fileOf(worker: string): string {
  return fileURLToPath(new URL(`./workers/${worker}.js`, import.meta.url));
}
