import type { ModuleMetadata } from '@nestjs/common';
import { PrometheusModule, type PrometheusOptions } from '@willsoto/nestjs-prometheus';
import { register, type Registry } from 'prom-client';
import { PoolMetricsModule, type PoolMetricsOptions } from '../../../lib/entries/prometheus.js';
import { DynamicPoolModule, type DynamicPoolModuleOptions, type NestPoolOptions } from '../../../lib/index.js';
import { parseExposition, type Exposition } from '../../support/exposition.js';

/** Tasks that end when and as they are told to. */
export class Hand {
  readonly #running: { end: () => void; fail: (error: Error) => void }[] = [];

  readonly task = () => new Promise<void>((resolve, reject) => void this.#running.push({ end: resolve, fail: reject }));

  endAll(): void {
    for (const { end } of this.#running.splice(0)) end();
  }

  failAll(): void {
    for (const { fail } of this.#running.splice(0)) fail(new Error('failed by hand'));
  }
}

export const noTasks = { noop: async () => undefined };

/** A pool on the event loop that stays at its size. */
export function asyncPool(options: Partial<NestPoolOptions> = {}): NestPoolOptions {
  return { kind: 'async', tasks: noTasks, size: { min: 2, max: 4 }, scaling: false, ...options };
}

export function poolsModule(pools: Record<string, NestPoolOptions>, rest: Partial<DynamicPoolModuleOptions> = {}) {
  return DynamicPoolModule.forRoot({ ...rest, pools });
}

/** `PrometheusModule` without metrics of the process, of which a registry takes one set only. */
export function prometheus(options: PrometheusOptions = {}) {
  return PrometheusModule.register({ defaultMetrics: { enabled: false }, ...options });
}

/** An application with one pool, `main`, and its metrics in the default registry. */
export function oneApp(metrics?: PoolMetricsOptions, pool: Partial<NestPoolOptions> = {}): ModuleMetadata {
  return { imports: [poolsModule({ main: asyncPool(pool) }), prometheus(), PoolMetricsModule.register(metrics)] };
}

export async function scrape(registry: Pick<Registry, 'metrics'> = register): Promise<Exposition> {
  return parseExposition(await registry.metrics());
}
