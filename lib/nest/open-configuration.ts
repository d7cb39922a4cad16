import { Logger } from '@nestjs/common';
import type { ManagedBudget } from '../core/budget/budget.js';
import type { ManagedPool } from '../core/pool/managed-pool.js';
import { Configuration } from './configuration.js';
import { LOG_CONTEXT } from './log-bridge.js';
import type { ResolvedModuleOptions } from './resolve-module-options.js';

/** Opens the live configuration of pools that have not started yet, and applies its file; `null` where there is none. */
export type OpenConfiguration = typeof openConfiguration;

export function openConfiguration(
  options: ResolvedModuleOptions,
  pools: ReadonlyMap<string, ManagedPool>,
  budget: ManagedBudget | null,
): Configuration | null {
  if (!options.config) return null;
  const subjects = {
    pools: new Map([...pools].map(([name, pool]) => [name, { pool, options: options.pools.get(name)!.options }])),
    budget: budget && { budget, options: options.budget! },
  };
  const configuration = new Configuration(options.config, subjects, new Logger(LOG_CONTEXT));
  configuration.load();
  return configuration;
}
