import { Logger } from '@nestjs/common';
import { LOG_CONTEXT } from './log-bridge.js';
import { pooledMethods, type AnyClass } from './pooled-methods.js';

/** Of a class that a module brought after the workers had been told what they run. */
export function logLateClass(cls: AnyClass): void {
  const methods = [...pooledMethods(cls).values()];
  const pools = [...new Set(methods.map(({ options }) => `'${options.pool}'`))].join(', ');
  new Logger(LOG_CONTEXT).warn(
    `${cls.name} came with a module that was loaded after the start (LazyModuleLoader), when the workers of its pools (${pools}) had been told what they run. Its pooled methods (${methods.map(({ method }) => method).join(', ')}) run on this thread, and hold up all else. Import that module from the start.`,
  );
}
