import { createPool, type PoolOptions } from 'nestjs-dynamic-pool/core';
import type { Contender } from './contender.js';

/** As packed, a fixed size, all else by default; `worker` is for the row that says so. */
export async function startOurs(threads: number, worker: PoolOptions['worker'] = {}): Promise<Contender> {
  const pool = createPool({
    name: 'bench',
    tasks: new URL('../workers/ours-worker.js', import.meta.url),
    size: { min: threads, max: threads },
    worker,
  });
  await pool.ready();
  return {
    task: (name) => {
      if (name !== 'exchange') return (argument) => pool.run(name, [argument]);
      return (buffer: ArrayBuffer) => pool.run(name, [buffer], { transfer: [buffer] });
    },
  };
}
