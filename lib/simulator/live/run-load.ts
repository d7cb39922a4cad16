import { systemClock } from '../../core/clock.js';
import { exchangeWith } from './exchange.js';
import { checkedLoad, type RunLoadOptions } from './live-options.js';
import { LoadRun } from './load-run.js';
import type { LoadReport } from './load-report.js';

/**
 * Sends a load to a live application, as independent clients would: each request leaves when it is due, Poisson at the
 * rate of the shape, whether or not those before were answered. Latency counts from the time a request was due, so that
 * what waits for a free connection, or for this process, is not left out ("coordinated omission": Gil Tene, "How NOT to
 * Measure Latency", and his wrk2). Nothing is dropped silently: see `delayed` and `unsent`. L1.
 * @throws PoolConfigError where an option is not what it must be; the host must be this machine, unless `allowRemote`.
 */
export async function runLoad(options: RunLoadOptions): Promise<LoadReport> {
  const load = checkedLoad(options);
  return new LoadRun(load, exchangeWith(load.url, load.connections, load.timeoutMs), systemClock).run();
}
