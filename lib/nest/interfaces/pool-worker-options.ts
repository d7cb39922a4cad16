import type { ModuleMetadata } from '@nestjs/common';

/** What a worker needs to build the class, beyond the class itself. */
export interface PoolWorkerOptions {
  /** Modules whose exported providers the class injects. With imports, nothing is provided that is not listed. */
  imports?: ModuleMetadata['imports'];
  /** Providers that the class injects. */
  providers?: ModuleMetadata['providers'];
}
