import { createPool, type Pool } from 'nestjs-dynamic-pool/core';

/** A pool of so many warm threads whose one task, `noop`, does nothing. */
export async function openNoopPool(threads: number): Promise<Pool> {
  const pool = createPool({
    name: 'noop',
    tasks: new URL('./noop-tasks.js', import.meta.url),
    size: { min: threads, max: threads },
  });
  await pool.ready();
  return pool;
}

/** Nanoseconds for each of `calls` calls, of which `window` are always on their way. */
export async function timeNoops(pool: Pool, calls: number, window: number): Promise<number> {
  let left = calls;
  const keepGoing = async () => {
    while (left-- > 0) await pool.run('noop');
  };
  const begun = performance.now();
  await Promise.all(Array.from({ length: window }, keepGoing));
  return ((performance.now() - begun) * 1e6) / calls;
}
