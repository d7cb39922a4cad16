import 'reflect-metadata';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DynamicPoolModule, getPoolToken, type Pool } from 'nestjs-dynamic-pool';
import { createPool } from 'nestjs-dynamic-pool/core';
import { PlainService } from './plain.service.js';
import { InjectedService, Settings } from './injected.service.js';

export const kinds = ['raw', 'bare', 'class', 'nest'] as const;

/** `raw`: new Worker(). `bare`: a pool over a task module. `class`: no dependencies. `nest`: a Nest context. */
export type Kind = (typeof kinds)[number];

/** Starts one more worker; resolves with the milliseconds until it could take a task. */
export interface Starter {
  start(): Promise<number>;
  /** Stops the workers started beyond the first. */
  shrink(): Promise<void>;
  close(): Promise<void>;
}

const MOST_WORKERS = 16;

export async function starterOf(kind: Kind): Promise<Starter> {
  if (kind === 'raw') return new RawStarter();
  if (kind === 'bare') {
    const tasks = new URL('./bare-tasks.js', import.meta.url);
    const pool = createPool({ name: kind, tasks, size: { max: MOST_WORKERS }, scaling: false });
    await pool.ready();
    return new PoolStarter(pool, () => pool.close());
  }
  const name = kind === 'class' ? 'plain' : 'injected';
  @Module({
    imports: [DynamicPoolModule.forRoot({ pools: { [name]: { size: { max: MOST_WORKERS }, scaling: false } } })],
    providers: kind === 'class' ? [PlainService] : [InjectedService, Settings],
  })
  class App {}
  const app = await NestFactory.createApplicationContext(App, { logger: false });
  return new PoolStarter(app.get<Pool>(getPoolToken(name)), () => app.close());
}

class RawStarter implements Starter {
  readonly #workers: Worker[] = [];

  async start(): Promise<number> {
    const begun = performance.now();
    const worker = new Worker(new URL('./raw-worker.js', import.meta.url));
    this.#workers.push(worker);
    await once(worker, 'message');
    return performance.now() - begun;
  }

  async shrink(): Promise<void> {
    await Promise.all(this.#workers.splice(0).map((worker) => worker.terminate()));
  }

  close(): Promise<void> {
    return this.shrink();
  }
}

class PoolStarter implements Starter {
  constructor(
    readonly pool: Pool,
    readonly close: () => Promise<void>,
  ) {}

  async start(): Promise<number> {
    const begun = performance.now();
    await this.pool.resize(this.pool.snapshot().target + 1);
    return performance.now() - begun;
  }

  shrink(): Promise<void> {
    return this.pool.resize(1);
  }
}
