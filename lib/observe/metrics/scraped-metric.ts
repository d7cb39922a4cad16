import { METRICS, type MetricName, type MetricSpec } from './metric-names.js';
import type { PoolReadings } from './pool-readings.js';
import { SAMPLERS, type Sample } from './samples.js';

/** What a registry asks a metric for. */
interface Scrape<V> {
  readonly name: string;
  readonly help: string;
  readonly type: MetricSpec['type'];
  readonly aggregator: MetricSpec['aggregator'];
  readonly values: V[];
}

/**
 * A metric in a registry of prom-client that keeps no values: it computes them when it is scraped, all those of one
 * registry from the same readings.
 */
export class ScrapedMetric {
  readonly type: MetricSpec['type'];
  readonly help: string;
  readonly aggregator: MetricSpec['aggregator'];
  readonly #compute: (readings: PoolReadings) => readonly Sample[];

  constructor(
    key: MetricName,
    /** A registry in OpenMetrics format takes `_total` off it. */
    public name: string,
    readonly read: () => readonly PoolReadings[],
  ) {
    const { type, help, aggregator }: MetricSpec = METRICS[key];
    this.type = type;
    this.help = help;
    this.aggregator = aggregator;
    this.#compute = SAMPLERS[key];
  }

  /** For the text that Prometheus reads. */
  async getForPromString(): Promise<Scrape<object>> {
    return this.#scrape(({ labels, sharedLabels, value, suffix }) => ({
      labels,
      sharedLabels,
      value,
      ...(suffix && { metricName: this.name + suffix }),
    }));
  }

  /** For JSON, and for aggregation over processes. */
  async get(): Promise<Scrape<object>> {
    return this.#scrape(({ labels, sharedLabels, value, suffix }) => ({
      labels: { ...labels, ...sharedLabels },
      value,
      ...(suffix && { metricName: this.name + suffix }),
    }));
  }

  /** Nothing: the counts are the pools'. */
  reset(): void {}

  #scrape(line: (sample: Sample) => object): Scrape<object> {
    const { name, help, type, aggregator } = this;
    const values = this.read().flatMap((readings) => this.#compute(readings).map(line));
    return { name, help, type, aggregator, values };
  }
}
