import type { WorkerLogLine } from './protocol.js';

/**
 * Takes log lines of workers to `write`. A logger that throws has no caller who could be told: the process would end, or
 * what else came from the worker would be taken for unreadable. It is a warning of the process, the first time.
 */
export function logOutlet(pool: string, write: (line: WorkerLogLine) => void): (line: WorkerLogLine) => void {
  let hasWarned = false;
  return (line) => {
    try {
      write(line);
    } catch (error) {
      if (hasWarned) return;
      hasWarned = true;
      const told = error instanceof Error ? error.message : String(error);
      process.emitWarning(
        `pool '${pool}': the logger threw at a log line of a worker, which is lost: ${told}`,
        'DynamicPoolWarning',
      );
    }
  };
}
