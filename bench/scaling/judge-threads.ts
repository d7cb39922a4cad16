import { Worker } from 'node:worker_threads';
import type { Job, Judged } from './protocol.js';

const THREAD = new URL('./judge-thread.js', import.meta.url);

/** Does the jobs on so many threads, each taking the next as it ends one; what comes back is in the order of the jobs. */
export async function judgeAll(jobs: readonly Job[], threads: number): Promise<Judged[]> {
  const judged: Judged[] = [];
  let next = 0;
  const workers = Array.from({ length: Math.min(threads, jobs.length) }, () => new Worker(THREAD));
  try {
    await Promise.all(
      workers.map(async (worker) => {
        for (let index = next++; index < jobs.length; index = next++) {
          judged[index] = await ask(worker, jobs[index]!);
        }
      }),
    );
    return judged;
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function ask(worker: Worker, job: Job): Promise<Judged> {
  return new Promise((resolve, reject) => {
    const ended = (code: number) => reject(new Error(`the thread that judged '${job.source.name}' ended with ${code}`));
    worker.once('error', reject);
    worker.once('exit', ended);
    worker.once('message', (judged: Judged) => {
      worker.off('error', reject);
      worker.off('exit', ended);
      resolve(judged);
    });
    worker.postMessage(job);
  });
}
