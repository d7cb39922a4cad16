import { Tinypool } from 'tinypool';
import type { Contender } from './contender.js';

/**
 * A fork of piscina with the same options and the same reasons: 1, 8 or 64 messages queued at a worker. `useAtomics` is
 * on, the default; off was level on round trips and a little behind on windows of short tasks. It records no timings.
 */
export async function startTinypool(threads: number, concurrentTasksPerWorker: number): Promise<Contender> {
  const pool = new Tinypool({
    filename: new URL('../workers/tinypool-worker.js', import.meta.url).href,
    runtime: 'worker_threads',
    minThreads: threads,
    maxThreads: threads,
    useAtomics: true,
    concurrentTasksPerWorker,
  });
  return {
    task: (name) => {
      const options = { name };
      if (name !== 'exchange') return (argument) => pool.run(argument, options);
      return (buffer: ArrayBuffer) => pool.run(buffer, { name, transferList: [buffer] });
    },
  };
}
