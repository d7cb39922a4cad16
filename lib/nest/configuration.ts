import path from 'node:path';
import type { LoggerService } from '@nestjs/common';
import { tellProblem } from '../config/config-problem.js';
import { KeptOverrides } from '../config/kept-overrides.js';
import { LiveConfig, type ConfigSubjects } from '../config/live-config.js';
import type { ConfigFault, ConfigStatus } from '../core/contract/config-status.js';
import type { OptionChange } from '../core/contract/events.js';
import type { HealthNotice } from '../core/health/pool-health.js';
import type { ConfigFiles } from './resolve-module-options.js';

/** The live configuration of an application: its file, the overrides kept beside it, and what the log is told of both. */
export class Configuration {
  readonly #live: LiveConfig;
  readonly #overrides: KeptOverrides | null;
  readonly #logger: LoggerService;

  constructor({ file, overridesFile }: ConfigFiles, subjects: ConfigSubjects, logger: LoggerService) {
    this.#logger = logger;
    const pools = new Map([...subjects.pools].map(([name, { pool }]) => [name, pool]));
    this.#overrides =
      overridesFile === null ? null : new KeptOverrides(overridesFile, pools, (message) => logger.warn(message));
    this.#live = new LiveConfig(file, subjects, {
      applied: (changes) => this.#onApplied(changes),
      refused: (fault) => this.#onRefused(fault),
      recovered: () => logger.log(`${file} is valid again and in effect.`),
    });
  }

  get status(): ConfigStatus {
    return this.#live.status;
  }

  /** What health checks tell while the file is not in effect; `null` while it is. */
  get notice(): HealthNotice | null {
    const { state, file, error, appliedAt } = this.status;
    if (state === 'applied' || error === null) return null;
    const instead = appliedAt === null ? 'the options of code' : 'what it said before';
    const reason = `the configuration file is not in effect, but ${instead}: ${tellProblem(path.basename(file), error)}`;
    return { status: 'degraded', reason };
  }

  /** Applies the file as it is now; before the pools start. */
  load(): void {
    this.#live.load();
  }

  /** Pins again what was pinned when the application stopped. */
  restore(): void {
    void this.#overrides?.restore();
  }

  /** From now on changes of the file are applied. */
  watch(): void {
    this.#live.start();
  }

  /** Sizes were pinned or released. */
  keepOverrides(): void {
    this.#overrides?.save();
  }

  /** Before the pools close: what is pinned stays written down. */
  stop(): void {
    this.#live.stop();
    this.#overrides?.stop();
  }

  #onApplied(changes: readonly (OptionChange & { readonly pool: string | null })[]): void {
    const { file } = this.status;
    for (const { pool, key, from, to } of changes) {
      const line = { event: 'reconfigured', pool, key, from, to, file, at: new Date().toISOString(), pid: process.pid };
      this.#logger.log(JSON.stringify(line));
      if (key !== 'override.size') continue;
      this.#logger.warn(`pool '${pool}': its size was pinned to ${from}; the new bounds make that ${to}.`);
    }
    if (changes.some(({ key }) => key === 'override.size')) this.keepOverrides();
  }

  #onRefused(fault: ConfigFault): void {
    const { file, appliedAt } = this.status;
    const instead =
      appliedAt === null ? 'The options of code are in effect.' : 'What the file said before stays in effect.';
    this.#logger.error(`${tellProblem(file, fault)} ${instead}`);
  }
}
