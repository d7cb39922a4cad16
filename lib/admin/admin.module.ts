import { Module, type DynamicModule } from '@nestjs/common';
import { ownModule } from '../core/own-module.js';
import { isInert } from '../nest/inert.js';
import { resolveAdminOptions, type PoolAdminOptions } from './admin-options.js';

/**
 * Routes by which the pools can be watched and steered: JSON, live events and a page. Nothing of it is there unless it
 * is imported.
 * @publicApi
 */
@Module({})
export class PoolAdminModule {
  /**
   * Import it once, in the root module beside `DynamicPoolModule`. Inside a worker it is empty.
   * @throws PoolConfigError without a guard, and for options out of range.
   * @example
   * PoolAdminModule.forRoot({ guards: [TokenGuard], role: (context) => context.switchToHttp().getRequest().role })
   */
  static forRoot(options: PoolAdminOptions = {}): DynamicModule {
    if (isInert()) return { module: PoolAdminModule };
    const resolved = resolveAdminOptions(options);
    // Loaded when an application asks for it: workers import the application's modules too.
    const parts = ownModule('build-routes-module', () => import('./http/build-routes-module.js'));
    const routes = parts.then(({ buildRoutesModule }) => buildRoutesModule(resolved));
    return { module: PoolAdminModule, imports: [routes] };
  }
}
