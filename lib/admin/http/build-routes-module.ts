import { Controller, Module, UseFilters, UseGuards, VERSION_NEUTRAL } from '@nestjs/common';
import type { CanActivate, DynamicModule, FactoryProvider, Type } from '@nestjs/common';
import { PoolConfigError } from '../../core/errors.js';
import { PoolService } from '../../nest/pool.service.js';
import type { ResolvedAdminOptions } from '../admin-options.js';
import { DryRunner } from '../dry-run/dry-runner.js';
import { HistoryRecorder } from '../history/history-recorder.js';
import { LiveEvents } from '../live/live-events.js';
import { Answers } from './answers.js';
import { AuditLog } from './audit-log.js';
import { ChangeDesk } from './change-desk.js';
import { ChangesController } from './changes.controller.js';
import { EventsController } from './events.controller.js';
import { EntryGate, PageGate } from './gates/entry.gate.js';
import { RoleGate } from './gates/role.gate.js';
import { Intake } from './intake.js';
import { ManualController } from './manual.controller.js';
import { describeRoutes } from './openapi/describe-routes.js';
import { PageController } from './page.controller.js';
import { PageFiles } from './page-files.js';
import { RateLimits } from './rate-limits.js';
import { ReadsController } from './reads.controller.js';
import { RefusalFilter, Refusals } from './refusals.js';
import { ADMIN_OPTIONS, ADMIN_POOLS } from './tokens.js';

/** Holds the routes of `PoolAdminModule.forRoot()`. */
@Module({})
export class PoolAdminRoutesModule {}

/** The routes at their paths, behind their gates. */
export async function buildRoutesModule(options: ResolvedAdminOptions): Promise<DynamicModule> {
  await describeRoutes();
  const { path, imports } = options;
  const gates = [EntryGate, ...options.guards, RoleGate];
  return {
    module: PoolAdminRoutesModule,
    imports: [...imports],
    // Fixed paths first: no pool is called `events` or `ui`.
    controllers: [
      mounted(PageController, `${path}/ui`, [PageGate]),
      mounted(EventsController, `${path}/events`, gates),
      mounted(ReadsController, path, gates),
      mounted(ChangesController, path, gates),
      mounted(ManualController, 'pool/manual', gates),
    ],
    providers: [
      { provide: ADMIN_OPTIONS, useValue: options },
      {
        provide: ADMIN_POOLS,
        useFactory: requirePools,
        inject: [{ token: PoolService, optional: true }],
      },
      onPools(LiveEvents),
      onPools(HistoryRecorder),
      onPools(DryRunner, HistoryRecorder),
      { provide: PageFiles, useFactory: () => new PageFiles() },
      AuditLog,
      Answers,
      RateLimits,
      Refusals,
      RefusalFilter,
      ChangeDesk,
      Intake,
    ],
  };
}

/** Each application has classes of its own, since paths and gates are written on the class. */
function mounted(routes: Type, path: string, gates: readonly Type<CanActivate>[]): Type {
  const mountedRoutes = { [routes.name]: class extends routes {} }[routes.name]!;
  Controller({ path, version: VERSION_NEUTRAL })(mountedRoutes);
  UseGuards(...gates)(mountedRoutes);
  UseFilters(RefusalFilter)(mountedRoutes);
  return mountedRoutes;
}

/** A provider that watches the application's pools. */
function onPools(provided: Type, ...others: Type[]): FactoryProvider {
  return {
    provide: provided,
    useFactory: (...dependencies: unknown[]): unknown => new provided(...dependencies),
    inject: [ADMIN_POOLS, ...others],
  };
}

function requirePools(pools: PoolService | undefined): PoolService {
  if (pools) return pools;
  throw new PoolConfigError(
    'PoolAdminModule finds no PoolService. Import DynamicPoolModule.forRoot() or forRootAsync() in the root module; where it has isGlobal: false, name it in the option imports of PoolAdminModule.forRoot() too.',
  );
}
