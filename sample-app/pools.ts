import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DynamicPoolModule } from 'nestjs-dynamic-pool';
import { AppConfig } from './config/app-config.js';

/** Without the module the very same methods run in place, on the main thread: the demo compares the two. */
export const isPooled = process.env['POOLED'] !== 'false';

export const pools = DynamicPoolModule.forRoot({
  pools: {
    // Two threads from the start; one that idles for half a minute leaves, and returns with the load.
    images: { size: { min: 1, max: 2, initial: 2 }, queue: { capacity: 64 } },
    // One at a time: there is nothing to size.
    reports: { size: { max: 1 }, queue: { capacity: 64 }, scaling: false },
    // Sizes itself so that 99 of 100 calls wait for less than 100 ms.
    rates: { size: { max: 8 }, scaling: { policy: 'balanced', objectiveMs: 100 } },
  },
  // Whoever is on call edits this file while the service runs; the code above counts where it says nothing.
  configFile:
    process.env['POOL_CONFIG'] ?? fileURLToPath(new URL('../../sample-app/config/pools.yaml', import.meta.url)),
  // Sizes that were pinned survive a restart. By default they stand beside the file above, which may be read-only.
  overridesFile: join(new AppConfig().dataDir, 'pools.overrides.json'),
});
