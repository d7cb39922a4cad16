// A dry run must read schedules as the pool does, and cannot be given the reader by who made the pool: functions do not
// cross to its thread.
// oxlint-disable-next-line no-restricted-imports
export { cronTimes } from '../../adapters/cron.js';
