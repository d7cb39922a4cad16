import { createRequire } from 'node:module';
import type { NextTimes } from '../core/scaling/forecasts/next-times.js';

/** Loaded when the first schedule is read: that takes 11 ms, which each thread that imports the library would pay. */
let croner: typeof import('croner') | undefined;

/**
 * Reads cron expressions with croner: five fields, six with seconds, or a nickname as `@daily`. At the change to summer
 * time what falls into the missing hour comes right after it.
 * @throws an error that says what is wrong with the expression or the time zone.
 */
export function cronTimes(expression: string, timeZone?: string): NextTimes {
  croner ??= createRequire(import.meta.url)('croner') as typeof import('croner');
  // Without a function to call, croner sets no timer.
  const cron = new croner.Cron(expression, timeZone === undefined ? {} : { timezone: timeZone });
  return { next: (after) => cron.nextRun(new Date(after))?.getTime() ?? null };
}
