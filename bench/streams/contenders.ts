import { Worker } from 'node:worker_threads';
import { createPool } from '../../lib/entries/core.js';
import type { Kind } from './tasks.js';

/** Streams items from a thread to a callback, which may say that it has had enough. */
export interface Contender {
  run(kind: Kind, count: number, onItem: (i: number) => void): Promise<void>;
  close(): Promise<unknown>;
}

export const contenders: Record<string, () => Promise<Contender>> = {
  'pool.stream': async () => {
    const pool = createPool({ name: 'streams', tasks: new URL('./tasks.js', import.meta.url), scaling: false });
    await pool.ready();
    return {
      async run(kind, count, onItem) {
        let i = 0;
        for await (const item of pool.stream('yielded', [kind, count])) if (item !== null) onItem(i++);
      },
      close: () => pool.close(),
    };
  },
  'bare messages, no back-pressure': async () => {
    const worker = new Worker(new URL('./naive-worker.js', import.meta.url));
    return {
      run: (kind, count, onItem) =>
        new Promise((resolve) => {
          let i = 0;
          worker.removeAllListeners('message');
          worker.on('message', (item) => (item === null && i === count ? resolve() : onItem(i++)));
          worker.postMessage({ kind, count });
        }),
      close: () => worker.terminate(),
    };
  },
};
