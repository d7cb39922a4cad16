import { systemClock, type Clock } from '../../core/clock.js';
import { ownFile } from '../../core/own-file.js';

export interface DryRunOptions {
  /** A run that takes longer is ended, milliseconds. Default 20,000. */
  readonly deadlineMs?: number;
  /** Most tasks that are replayed; where there were more, the run begins later. Default 300,000. */
  readonly maxTasks?: number;
  /** For tests. */
  readonly clock?: Clock;
  /** What the thread runs; for tests. */
  readonly entry?: URL;
}

/** Token of `DryRunOptions`. */
export const DRY_RUN_OPTIONS = Symbol('dry run options');

/** All options, and the file of the thread: `null` where a bundler has left it behind. */
export type ResolvedDryRun = Required<Omit<DryRunOptions, 'entry'>> & { readonly entry: URL | null };

export function resolveDryRun(options: DryRunOptions): ResolvedDryRun {
  // Relative to this module as it is built, and to the bundle that it is packed into.
  const entry = ownFile('./worker/dry-run-entry.js', import.meta.url);
  return { deadlineMs: 20_000, maxTasks: 300_000, clock: systemClock, entry, ...options };
}
