import type { Metric } from 'prom-client';
import { PoolConfigError } from '../../core/errors.js';
import { METRIC_NAMES } from './metric-names.js';
import type { AnyRegistry } from './metrics-options.js';
import type { PoolReadings } from './pool-readings.js';
import { ScrapedMetric } from './scraped-metric.js';

/** The pools of one application. */
export interface MetricsSource {
  readonly pools: readonly string[];
  read(): readonly PoolReadings[];
}

/** The publication that a metric belongs to: the registry knows its metrics, so nothing else need remember them. */
const owners = new WeakMap<object, Publication>();

/**
 * Puts the metrics of an application's pools into a registry, under names that begin with `prefix`; returns how to take
 * them out. Applications that share a registry share its metrics, so the names of their pools must differ.
 * @throws PoolConfigError where the registry has metrics of such pools, or others of such names.
 */
export function publish(registry: AnyRegistry, prefix: string, source: MetricsSource): () => void {
  const present = registry.getSingleMetric(prefix + METRIC_NAMES[0]!);
  const publication = (present && owners.get(present)) ?? new Publication(registry, prefix);
  publication.add(source);
  return () => publication.remove(source);
}

/** The metrics of pools in one registry under one prefix, while at least one application has some there. */
class Publication {
  readonly #sources = new Set<MetricsSource>();
  readonly #metrics: ReadonlyMap<string, ScrapedMetric>;
  #readings: readonly PoolReadings[] | null = null;

  constructor(
    readonly registry: AnyRegistry,
    readonly prefix: string,
  ) {
    const names = METRIC_NAMES.map((key) => [key, prefix + key] as const);
    for (const [, name] of names) if (registry.getSingleMetric(name)) throw taken(name);
    this.#metrics = new Map(names.map(([key, name]) => [name, new ScrapedMetric(key, name, () => this.#read())]));
    for (const metric of this.#metrics.values()) {
      owners.set(metric, this);
      registry.registerMetric(metric as unknown as Metric);
    }
  }

  add(source: MetricsSource): void {
    const present = new Set([...this.#sources].flatMap(({ pools }) => pools));
    const twice = source.pools.find((pool) => present.has(pool));
    if (twice !== undefined) throw publishedTwice(twice, this.prefix);
    this.#sources.add(source);
  }

  remove(source: MetricsSource): void {
    this.#sources.delete(source);
    if (this.#sources.size > 0) return;
    for (const [name, metric] of this.#metrics) {
      const present: unknown = this.registry.getSingleMetric(name);
      if (present === metric) this.registry.removeSingleMetric(name);
    }
  }

  /** A registry asks all its metrics within one turn: they tell of the same instant, and each pool is read once. */
  #read(): readonly PoolReadings[] {
    if (!this.#readings) {
      this.#readings = [...this.#sources].flatMap((source) => source.read());
      queueMicrotask(() => (this.#readings = null));
    }
    return this.#readings;
  }
}

function taken(name: string): PoolConfigError {
  return new PoolConfigError(
    `the registry has a metric ${name} already, which is not of PoolMetricsModule. Rename one of them: PoolMetricsModule.register({ prefix: 'app' }) begins all names of metrics of pools with app_.`,
  );
}

function publishedTwice(pool: string, prefix: string): PoolConfigError {
  return new PoolConfigError(
    `pool '${pool}': the registry has metrics of a pool of this name already (prefix ${JSON.stringify(prefix)}), since another application of this process that was not closed shares it, or PoolMetricsModule.register() was called twice. Close the other application first, or give each one a prefix of its own, or a registry: PoolMetricsModule.register({ registry: new Registry(), port }) with Registry of prom-client.`,
    { pool },
  );
}
