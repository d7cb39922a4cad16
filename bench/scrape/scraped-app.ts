import 'reflect-metadata';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Registry } from 'prom-client';
import { PoolMetricsModule } from '../../lib/entries/prometheus.js';
import { DynamicPoolModule, PoolService, type NestPoolOptions, type Pool } from '../../lib/index.js';

/** Tasks that are under way in a pool at a time. */
const WINDOW = 64;
const TASKS = ['resize', 'parse', 'render', 'noop'];

/** An application of many pools on the event loop, with its metrics in a registry of its own. */
export class ScrapedApp {
  readonly registry = new Registry();
  #app!: INestApplicationContext;
  #pools: readonly Pool[] = [];

  /** Starts it, and runs so many tasks, spread over its pools and four kinds of tasks. */
  static async open(pools: number, tasks: number, taskLabel: boolean): Promise<ScrapedApp> {
    const opened = new ScrapedApp();
    await opened.#start(pools, taskLabel);
    await opened.run(tasks / pools);
    return opened;
  }

  async #start(pools: number, taskLabel: boolean): Promise<void> {
    const pool: NestPoolOptions = {
      kind: 'async',
      tasks: Object.fromEntries(TASKS.map((name) => [name, () => undefined])),
      size: { min: 4, max: 4 },
      scaling: false,
    };
    const names = Array.from({ length: pools }, (_, i) => `pool ${i}`);
    const imports = [
      DynamicPoolModule.forRoot({ pools: Object.fromEntries(names.map((name) => [name, pool])) }),
      PoolMetricsModule.register({ registry: this.registry, taskLabel }),
    ];
    this.#app = await NestFactory.createApplicationContext({ module: class App {}, imports }, { logger: false });
    this.#pools = names.map((name) => this.#app.get(PoolService).get(name));
  }

  /** Runs so many tasks in each pool. */
  async run(tasks: number): Promise<void> {
    for (const pool of this.#pools) {
      for (let done = 0; done < tasks; done += WINDOW) {
        const count = Math.min(WINDOW, tasks - done);
        await Promise.all(Array.from({ length: count }, (_, i) => pool.run(TASKS[i % TASKS.length]!)));
      }
    }
  }

  scrape(): Promise<string> {
    return this.registry.metrics();
  }

  close(): Promise<void> {
    return this.#app.close();
  }
}
