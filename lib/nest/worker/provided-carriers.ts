import type { INestApplicationContext, Type } from '@nestjs/common';
import { ModuleRef, ModulesContainer } from '@nestjs/core';
import type { ContextCarrier } from '../../core/contract/context-carrier.js';
import { PoolConfigError } from '../../core/errors.js';
import { nameCarriers, type NamedCarrier } from '../../core/named-carriers.js';
import type { PlannedCarrier } from '../../engines/context/load-carriers.js';
import { importInTurn } from '../../engines/thread/import-in-turn.js';
import { providedContext } from '../provided-context.js';
import type { WorkerPlan } from '../worker-plan.js';
import { loadCarrierClass } from './load-carrier-classes.js';

/**
 * The carriers of a worker that boots modules of yours: what these provide under `POOL_CONTEXT`; else made from the
 * class's own file, with what the modules export.
 * @throws PoolConfigError for one that is in neither.
 */
export async function providedCarriers(
  plan: WorkerPlan,
  title: string,
  context: INestApplicationContext,
): Promise<NamedCarrier[]> {
  const values = providedContext(context.get(ModulesContainer)).flatMap(({ values }) => values);
  const provided = nameCarriers({ pool: plan.pool, option: `POOL_CONTEXT of ${title}` }, values);
  return importInTurn(plan.carriers, async (planned) => {
    const found = provided.find(({ name }) => name === planned.name);
    return found ?? { name: planned.name, carrier: await made(plan, title, planned, context) };
  });
}

async function made(
  { pool, module }: WorkerPlan,
  title: string,
  planned: PlannedCarrier,
  context: INestApplicationContext,
): Promise<ContextCarrier> {
  if (module && planned.file !== null) {
    const cls = await loadCarrierClass(pool, planned);
    return context.get(ModuleRef).create<ContextCarrier>(cls as unknown as Type<ContextCarrier>);
  }
  throw new PoolConfigError(
    `pool '${pool}': calls carry what ${planned.name} captures, and ${title} provides no such carrier. Provide it there as well: { provide: POOL_CONTEXT, useClass: ${planned.name} }.`,
    { pool },
  );
}
