import type { OpenMetricsContentType, Registry } from 'prom-client';
import { PoolConfigError } from '../../core/errors.js';
import { refusal, rejectUnknownKeys, requireInteger, requireObject } from '../../core/validate.js';

/** Any registry of prom-client. */
export type AnyRegistry = Registry | Registry<OpenMetricsContentType>;

/** Options of `PoolMetricsModule.register()`. */
export interface PoolMetricsOptions {
  /**
   * What all names begin with, in place of the `customMetricPrefix` of `PrometheusModule`; an underscore follows where it
   * ends in none. `''` for none at all. Default: `customMetricPrefix`, if there is one.
   */
  readonly prefix?: string;
  /**
   * Adds the label `task` to what is counted by task, for up to 100 tasks of each pool; `task="other"` stands for the rest.
   * It costs every task several calls of listeners, and each task some forty series. Default false.
   */
  readonly taskLabel?: boolean;
  /** Serves `GET /metrics` on a port of its own, with all that is in the registry; 0 for any that is free. Default: none. */
  readonly port?: number;
  /** Where that port is opened. Default `127.0.0.1`. */
  readonly host?: string;
  /** Where the metrics are kept. Default: the registry of prom-client that `PrometheusModule` serves. */
  readonly registry?: AnyRegistry;
}

export interface ResolvedMetricsOptions {
  /** `null` for that of `PrometheusModule`. */
  readonly prefix: string | null;
  readonly taskLabel: boolean;
  readonly port: number | null;
  readonly host: string;
  readonly registry: AnyRegistry | null;
}

const KEYS = ['prefix', 'taskLabel', 'port', 'host', 'registry'] as const;
const DEFAULT_HOST = '127.0.0.1';
/** What a name may begin with. */
const PREFIX = /^([a-zA-Z_:][a-zA-Z0-9_:]*)?$/;

/** @throws PoolConfigError for options that are unknown or out of range. */
export function resolveMetricsOptions(options: PoolMetricsOptions = {}): ResolvedMetricsOptions {
  requireObject({ option: 'the options of PoolMetricsModule.register()' }, options);
  rejectUnknownKeys('PoolMetricsModule.register()', options, KEYS);
  const { prefix, taskLabel = false, port, host, registry } = options;
  if (typeof taskLabel !== 'boolean') throw refusal(place('taskLabel'), taskLabel, 'true or false');
  if (port !== undefined) requireInteger(place('port'), port, 0, 65_535);
  if (host !== undefined && (typeof host !== 'string' || host === '')) {
    throw refusal(place('host'), host, "the name or address of this host's network interface, as '127.0.0.1'");
  }
  if (host !== undefined && port === undefined) {
    throw new PoolConfigError(
      `PoolMetricsModule: host is ${JSON.stringify(host)}, but nothing is served there without a port. Give a port as well, or leave out host.`,
    );
  }
  if (registry !== undefined && !isRegistry(registry)) {
    throw refusal(place('registry'), registry, 'a Registry of prom-client');
  }
  return {
    prefix: prefix === undefined ? null : checkedPrefix('prefix', prefix),
    taskLabel,
    port: port ?? null,
    host: host ?? DEFAULT_HOST,
    registry: registry ?? null,
  };
}

/** A prefix that names can begin with: `app` becomes `app_`, and so does `app_`. */
export function checkedPrefix(option: string, prefix: unknown): string {
  if (typeof prefix !== 'string' || !PREFIX.test(prefix)) {
    throw refusal(place(option), prefix, 'letters, digits, _ and :, without a digit in front');
  }
  return prefix === '' || prefix.endsWith('_') ? prefix : `${prefix}_`;
}

function place(option: string) {
  return { option: `PoolMetricsModule: ${option}` };
}

function isRegistry(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'registerMetric' in value && 'metrics' in value;
}
