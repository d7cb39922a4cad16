import 'reflect-metadata';
import { once } from 'node:events';
import { setTimeout as turn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DynamicPoolModule, getPoolToken, type NestPoolOptions, type Pool } from 'nestjs-dynamic-pool';
import { createPool } from 'nestjs-dynamic-pool/core';
import { bundleEntry } from './bundle-entry.js';
import { PlainService } from './plain.service.js';
import { InjectedService, Settings } from './injected.service.js';

/** Workers of the library as it comes, and what they are measured by. */
const cold = {
  raw: 'new Worker(), an empty file',
  bare: 'a pool over a task module',
  class: 'a pool over a class without dependencies',
  nest: 'a pool over a class with a dependency: a Nest context',
};

/** What a user can do about it. */
const faster = {
  'nest-bundled': 'as nest, its entry bundled into one file',
  'class-spare': 'as class, a spare thread at hand',
  'nest-spare': 'as nest, a spare thread at hand',
};

/** No library at all: raw workers that import what any worker of that kind imports. */
const floors = {
  'floor-common': "a raw worker that does nothing but import '@nestjs/common'",
  'floor-context': 'a raw worker that creates an empty Nest context',
};

export const about = { ...cold, ...faster, ...floors };

export type Kind = keyof typeof about;

export const kinds = Object.keys(about) as Kind[];

/** Starts one more worker; resolves with the milliseconds until it could take a task. */
export interface Starter {
  start(): Promise<number>;
  /** Stops the workers started beyond the first. */
  shrink(): Promise<void>;
  close(): Promise<void>;
}

const MOST_WORKERS = 16;

export async function starterOf(kind: Kind): Promise<Starter> {
  if (kind === 'raw') return new RawStarter('raw-worker');
  if (kind === 'floor-common' || kind === 'floor-context') return new RawStarter(kind);
  if (kind === 'bare') {
    const tasks = new URL('./bare-tasks.js', import.meta.url);
    const pool = createPool({ name: kind, tasks, size: { max: MOST_WORKERS }, scaling: false });
    await pool.ready();
    return new PoolStarter(pool, () => pool.close());
  }
  const isPlain = kind.startsWith('class');
  const name = isPlain ? 'plain' : 'injected';
  const options: NestPoolOptions = {
    size: { max: MOST_WORKERS },
    scaling: false,
    ...(kind.endsWith('-spare') && { worker: { spares: 1 } }),
    ...(kind === 'nest-bundled' && { entry: await bundleEntry(new URL('./bundled-entry.js', import.meta.url)) }),
  };
  @Module({
    imports: [DynamicPoolModule.forRoot({ pools: { [name]: options } })],
    providers: isPlain ? [PlainService] : [InjectedService, Settings],
  })
  class App {}
  const app = await NestFactory.createApplicationContext(App, { logger: false });
  return new PoolStarter(app.get<Pool>(getPoolToken(name)), () => app.close(), options.worker?.spares);
}

class RawStarter implements Starter {
  readonly #workers: Worker[] = [];

  constructor(readonly file: string) {}

  async start(): Promise<number> {
    const begun = performance.now();
    const worker = new Worker(new URL(`./${this.file}.js`, import.meta.url));
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
    readonly spares = 0,
  ) {}

  async start(): Promise<number> {
    await this.#restocked();
    const begun = performance.now();
    await this.pool.resize(this.pool.snapshot().target + 1);
    return performance.now() - begun;
  }

  async shrink(): Promise<void> {
    await this.pool.resize(1);
    await this.#restocked();
  }

  /** A spare boots neither while its own pool is measured nor while another one is. */
  async #restocked(): Promise<void> {
    while (this.pool.snapshot().spares < this.spares) await turn();
  }
}
