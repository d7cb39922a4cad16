import { Cron } from 'croner';
import type { NextTimes } from '../core/scaling/forecasts/next-times.js';

/**
 * Reads cron expressions with croner: five fields, six with seconds, or a nickname as `@daily`. At the change to summer
 * time what falls into the missing hour comes right after it.
 * @throws an error that says what is wrong with the expression or the time zone.
 */
export function cronTimes(expression: string, timeZone?: string): NextTimes {
  // Without a function to call, croner sets no timer.
  const cron = new Cron(expression, timeZone === undefined ? {} : { timezone: timeZone });
  return { next: (after) => cron.nextRun(new Date(after))?.getTime() ?? null };
}
