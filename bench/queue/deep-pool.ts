import { createPool, type Pool } from 'nestjs-dynamic-pool/core';

const SHARED_ARGS: readonly unknown[] = [];

/** A real pool that is paused with one warm worker, so that what is queued stays queued. */
export class DeepPool {
  readonly #calls: Promise<unknown>[] = [];

  private constructor(readonly pool: Pool) {}

  static async open(capacity: number): Promise<DeepPool> {
    const pool = createPool({
      name: `deep ${capacity}`,
      tasks: new URL('../noop-tasks.js', import.meta.url),
      size: { min: 1, max: 1 },
      queue: { capacity },
    });
    await pool.ready();
    await pool.run('noop', SHARED_ARGS);
    pool.pause();
    return new DeepPool(pool);
  }

  /** The calls queued so far, as their caller holds them. */
  get calls(): readonly Promise<unknown>[] {
    return this.#calls;
  }

  queue(signal?: AbortSignal): void {
    this.#calls.push(this.pool.run('noop', SHARED_ARGS, signal && { signal }));
  }

  async close(): Promise<void> {
    for (const call of this.#calls) call.catch(() => undefined);
    await this.pool.close({ force: true });
  }
}
