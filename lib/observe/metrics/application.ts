import type { ModuleRef } from '@nestjs/core';
import type { InjectionToken } from '@nestjs/common';
import { makeGaugeProvider, type PrometheusOptions } from '@willsoto/nestjs-prometheus';
import { register } from 'prom-client';
import { PoolConfigError } from '../../core/errors.js';
import { PoolService } from '../../nest/pool.service.js';
import { checkedPrefix, type AnyRegistry, type ResolvedMetricsOptions } from './metrics-options.js';

/** The pools of the application. */
export function poolsOf(moduleRef: ModuleRef): PoolService {
  const found = find<PoolService>(moduleRef, PoolService);
  if (found) return found.value;
  throw new PoolConfigError(
    'PoolMetricsModule finds no pools: DynamicPoolModule is not among the imports of this application. Import DynamicPoolModule.forRoot({ pools }) or forRootAsync() in the root module, or leave out PoolMetricsModule where there are no pools.',
  );
}

/**
 * Where the metrics go, and under which prefix: what the options say, else what the application's `PrometheusModule` goes
 * by, in whichever module it was imported.
 */
export function destinationOf(
  moduleRef: ModuleRef,
  options: ResolvedMetricsOptions,
): { registry: AnyRegistry; prefix: string } {
  const prometheus = find<PrometheusOptions | undefined>(moduleRef, prometheusOptionsToken());
  if (!prometheus && options.port === null && !options.registry) throw servedNowhere();
  const custom = prometheus?.value?.customMetricPrefix;
  return {
    registry: options.registry ?? register,
    prefix: options.prefix ?? checkedPrefix('customMetricPrefix of PrometheusModule', custom ?? ''),
  };
}

/** The module keeps the token of its options to itself, and has it injected into every provider of a metric, in front. */
function prometheusOptionsToken(): InjectionToken {
  const provider = makeGaugeProvider({ name: 'any', help: 'any' });
  const [options] = 'inject' in provider ? (provider.inject ?? []) : [];
  return typeof options === 'object' && 'token' in options ? options.token : options!;
}

/** A provider of whichever module, wrapped: its value may be undefined. */
function find<T>(moduleRef: ModuleRef, token: InjectionToken): { readonly value: T } | null {
  try {
    return { value: moduleRef.get<T>(token as string, { strict: false }) };
  } catch {
    return null;
  }
}

function servedNowhere(): PoolConfigError {
  return new PoolConfigError(
    "PoolMetricsModule finds nobody who would serve its metrics: PrometheusModule is not among the imports of this application. Import PrometheusModule.register() of '@willsoto/nestjs-prometheus', which serves them at /metrics, or give PoolMetricsModule.register() a port to serve them on, or the registry that the application serves by itself (registry: register of prom-client).",
  );
}
