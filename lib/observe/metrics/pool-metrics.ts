import { Logger, type OnApplicationBootstrap, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { ModuleRef } from '@nestjs/core';
import type { PoolService } from '../../nest/pool.service.js';
import { destinationOf, poolsOf } from './application.js';
import { MetricsServer } from './metrics-server.js';
import type { AnyRegistry, ResolvedMetricsOptions } from './metrics-options.js';
import { publish } from './publication.js';
import { WatchedPool } from './watched-pool.js';

/**
 * The metrics of one application's pools: watched from before they start, in the registry and on the port once the
 * application is up, and there until its pools have drained.
 */
export class PoolMetrics implements OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown {
  readonly #logger = new Logger('PoolMetrics');
  #pools: readonly WatchedPool[] | null = null;
  #destination: { registry: AnyRegistry; prefix: string } | null = null;
  #withdraw: (() => void) | null = null;
  #server: MetricsServer | null = null;

  /** `pools` where it can be injected: where `DynamicPoolModule` is not global, it is looked for on module init. */
  constructor(
    readonly options: ResolvedMetricsOptions,
    readonly moduleRef: ModuleRef,
    pools?: PoolService,
  ) {
    if (pools) this.#watch(pools);
  }

  onModuleInit(): void {
    if (!this.#pools) this.#watch(poolsOf(this.moduleRef));
    this.#destination = destinationOf(this.moduleRef, this.options);
  }

  async onApplicationBootstrap(): Promise<void> {
    const { registry, prefix } = this.#destination!;
    const pools = this.#pools!;
    const source = { pools: pools.map(({ name }) => name), read: () => pools.map((pool) => pool.read()) };
    this.#withdraw = publish(registry, prefix, source);
    if (this.options.port === null) return;
    this.#server = new MetricsServer(registry, this.options.host, this.options.port);
    try {
      this.#logger.log(`Metrics are served at ${await this.#server.listen()}`);
    } catch (error) {
      await this.onApplicationShutdown();
      throw error;
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#server?.close();
    this.#withdraw?.();
    for (const pool of this.#pools ?? []) pool.close();
  }

  #watch(pools: PoolService): void {
    this.#pools = pools.pools().map((name) => new WatchedPool(pools, name, this.options.taskLabel));
  }
}
